/**
 * True for a shell text that is one program with its arguments and redirections, none of which a shell has to expand:
 * `cat a > b`, `python train.py --out 'my file'`. A shell that is there already can then become that program, where
 * `/bin/sh -c` would be loaded first only to start it: half of what a job of a few milliseconds costs. Whatever might
 * mean something else there (`$$`, variables, patterns, builtins, a second command) is not simple.
 */
export const isSimpleCommand = (text: string): boolean => {
  const [, program] = shape.exec(text) ?? [];
  return program !== undefined && !ownWords.has(program);
};

const plain = String.raw`[A-Za-z0-9_/.,:@%+-]`;
/** `=` makes an assignment of a first word; a digit before `>` is a descriptor, which `exec` reads in the same way. */
const word = `(?:[A-Za-z0-9_/.,:@%+=-]|'[^'\n]*')+`;
const redirection = `[0-9]?(?:>>?|<)(?:&[12]| *${word})`;
const shape = new RegExp(`^ *([A-Za-z0-9_/.]${plain}*)(?: +(?:${redirection}|${word}))*\\s*$`);

/** What a shell does itself, with or without a program of the same name, and what begins a compound command. */
const ownWords: ReadonlySet<string> = new Set(
  (
    'alias bg bind break builtin caller case cd chdir command compgen complete continue coproc declare dirs disown do done ' +
    'echo elif else enable esac eval exec exit export false fc fg fi for function getopts hash help history if in jobs ' +
    'kill let local logout mapfile popd printf pushd pwd read readarray readonly return select set shift shopt source ' +
    'suspend test then time times trap true type typeset ulimit umask unalias unset until wait while . :'
  ).split(' '),
);
