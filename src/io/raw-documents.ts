import {isUtf8} from 'node:buffer';
import {createReadStream} from 'node:fs';

export interface RawDocument {
  /** null for a line that is longer than `longestDocument`: it is not kept in memory. */
  readonly text: string | null;
  /** Bytes that are no UTF-8 stand in the text as U+FFFD. */
  readonly isValid: boolean;
}

export const longestDocument = 8 * 2 ** 20;

/** Documents of a plain text file, one a line, read as a stream: memory does not grow with the file. */
export async function* readRawDocuments(path: string): AsyncGenerator<RawDocument> {
  let pieces: Buffer[] = [];
  let length = 0;
  let isFirst = true;
  const finish = (): RawDocument => {
    const bytes = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
    const isTooLong = length > longestDocument;
    pieces = [];
    length = 0;
    return isTooLong ? {text: null, isValid: true} : {text: bytes.toString('utf8'), isValid: isUtf8(bytes)};
  };
  for await (const chunk of createReadStream(path, {highWaterMark: 2 ** 18}) as AsyncIterable<Buffer>) {
    if (isFirst) refuseUtf16(path, chunk);
    isFirst = false;
    let start = 0;
    while (start < chunk.length) {
      const newline = chunk.indexOf(10, start);
      const end = newline < 0 ? chunk.length : newline;
      length += end - start;
      if (length <= longestDocument) pieces.push(chunk.subarray(start, end));
      else pieces = [];
      if (newline >= 0) yield finish();
      start = end + 1;
    }
  }
  if (length > 0) yield finish();
}

const refuseUtf16 = (path: string, head: Buffer): void => {
  const mark = head.length >= 2 ? head.readUInt16BE(0) : 0;
  if (mark !== 0xfffe && mark !== 0xfeff) return;
  throw new Error(`${path} is UTF-16; expected UTF-8. Convert it: iconv -f UTF-16 -t UTF-8`);
};
