import type {Problems} from './config-error.ts';
import type {Draft} from './draft.ts';
import type {PlacedOutput} from './outputs.ts';

export interface OwnedOutput extends PlacedOutput {
  readonly owner: Draft;
}

/** All outputs by path and by the folders above them, so that each question costs a path's depth, not a pass over all. */
export class OutputIndex {
  readonly #byPath = new Map<string, OwnedOutput>();
  readonly #byFolder = new Map<string, OwnedOutput[]>();

  constructor(drafts: readonly Draft[], problems: Problems) {
    for (const owner of drafts) for (const output of owner.outputs) this.#add({...output, owner}, problems);
    for (const output of this.#byPath.values()) {
      const outer = this.containing(output.path);
      if (outer === null) continue;
      const message = `the output "${output.path}" lies inside "${outer.path}", an output of ${outer.owner.id}`;
      problems.add('nested-output', output.place, message);
    }
  }

  exact(path: string): OwnedOutput | null {
    return this.#byPath.get(path) ?? null;
  }

  /** The output that is a folder above `path`. */
  containing(path: string): OwnedOutput | null {
    for (const folder of foldersAbove(path)) {
      const output = this.#byPath.get(folder);
      if (output !== undefined) return output;
    }
    return null;
  }

  /** All outputs in a folder, at any depth. */
  within(folder: string): readonly OwnedOutput[] {
    return folder === '.' ? [...this.#byPath.values()] : (this.#byFolder.get(folder) ?? []);
  }

  #add(output: OwnedOutput, problems: Problems): void {
    const other = this.#byPath.get(output.path);
    if (other !== undefined) {
      const same = other.owner.spec === output.owner.spec;
      problems.add(
        'duplicate-output',
        output.place,
        `the output "${output.path}" is written by ${both(other, output)}`,
        {
          suggestion:
            same && output.owner.spec.axes.length > 0
              ? `Put the axes into the path: ${output.owner.spec.axes.map(axis => `\${${axis}}`).join(', ')}`
              : undefined,
        },
      );
      return;
    }
    this.#byPath.set(output.path, output);
    for (const folder of foldersAbove(output.path)) {
      const list = this.#byFolder.get(folder);
      if (list === undefined) this.#byFolder.set(folder, [output]);
      else list.push(output);
    }
  }
}

const both = (a: OwnedOutput, b: OwnedOutput): string =>
  a.owner.id === b.owner.id ? `${a.owner.id} twice` : `both ${a.owner.id} and ${b.owner.id}`;

/** The nearest first. */
const foldersAbove = (path: string): string[] => {
  const folders: string[] = [];
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) folders.push(path.slice(0, at));
  return folders;
};
