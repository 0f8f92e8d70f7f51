/** A token of tokenizer.json's `added_tokens`: found in the text as it stands, before anything is cut. */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly normalized: boolean;
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  readonly single_word: boolean;
}

/** A stretch of text, or the id of an added token and the text that it stood for. */
export type Section = {readonly text: string} | {readonly id: number; readonly text: string};

/**
 * Cuts a text around added tokens, the longest where several begin at one place. `form` is what the tokens' names went
 * through before: those with `normalized` are sought in normalised text.
 */
export const createSplitter = (
  tokens: readonly AddedToken[],
  form: (content: string) => string,
): ((text: string) => Section[]) => {
  const byForm = new Map(tokens.map(token => [form(token.content), token]));
  byForm.delete('');
  if (byForm.size === 0) return text => [{text}];
  const contents = [...byForm.keys()].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(contents.map(content => content.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'gu');
  return text => {
    const sections: Section[] = [];
    let done = 0;
    for (const match of text.matchAll(pattern)) {
      const token = byForm.get(match[0])!;
      let [start, end] = [match.index, match.index + match[0].length];
      if (start < done) continue; // whitespace that the token before took
      if (token.single_word && (isWordBefore(text, start) || isWordAfter(text, end))) continue;
      if (token.lstrip) start = done + text.slice(done, start).trimEnd().length;
      if (token.rstrip) end = text.length - text.slice(end).trimStart().length;
      if (start > done) sections.push({text: text.slice(done, start)});
      sections.push({id: token.id, text: text.slice(start, end)});
      done = end;
    }
    if (done < text.length) sections.push({text: text.slice(done)});
    return sections;
  };
};

const isWordBefore = (text: string, at: number): boolean => /[\p{L}\p{N}_]$/u.test(text.slice(0, at));
const isWordAfter = (text: string, at: number): boolean => /^[\p{L}\p{N}_]/u.test(text.slice(at));
