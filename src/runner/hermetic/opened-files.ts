export interface Opened {
  /** Absolute, links resolved. */
  readonly file: string;
  readonly isWrite: boolean;
}

/** Files that were opened, by what `strace -f -y -e trace=open,openat,creat` tells; folders that were only listed do not count. */
export const openedFiles = (trace: string): Opened[] => {
  const begun = new Map<string, string>();
  return trace.split('\n').flatMap((text): Opened[] => {
    const [pid = ''] = /^\d+/.exec(text) ?? [];
    // A call during which another process was looked at is told in two halves.
    if (text.endsWith('<unfinished ...>')) {
      begun.set(pid, text);
      return [];
    }
    const line = text.includes(' resumed>') ? `${begun.get(pid) ?? ''}${text}` : text;
    const [, flags = '', file] = /\b(O_[A-Z_|]+)?[^"]*\)\s*= \d+<(\/[^>]*)>$/.exec(line) ?? [];
    if (file === undefined || flags.includes('O_DIRECTORY')) return [];
    const isWrite = /O_(WRONLY|RDWR|CREAT|TRUNC)/.test(flags) || /^\d+\s+creat\(/.test(line);
    return [{file: unescape(file), isWrite}];
  });
};

/** Bytes beyond ASCII and those that would end the path are told in octal. */
const unescape = (text: string): string =>
  text.includes('\\')
    ? Buffer.from(
        text.replaceAll(/\\([0-7]{1,3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8))),
        'latin1',
      ).toString('utf8')
    : text;
