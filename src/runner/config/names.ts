import type {Problems} from './config-error.ts';
import type {Node} from './nodes.ts';
import type {Place} from './source-text.ts';

/** What the names in `${}` mean at one spot of the file. */
export interface Scope {
  readonly problems: Problems;
  has(name: string): boolean;
  /** Whether a name is a var here, and no axis value or param hides it. */
  isVar(name: string): boolean;
  names(): string[];
  /** The value of `a.b.c`, substituted itself; null when there is none, which has been reported at `place`. */
  lookup(name: string, place: Place): Node | null;
}
