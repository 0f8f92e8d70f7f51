import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';

interface LockedPackage {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

type Versions = Readonly<Record<string, string>>;

/** `@scope/name/sub/path` → `@scope/name`. */
export const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/**
 * Versions of a package and of all that it needs, from package-lock.json (the same on every machine, also for packages
 * that another platform would install), else from what is installed.
 */
export class PackageVersions {
  readonly #root: string;
  readonly #known = new Map<string, Versions | null>();
  /** Most packages are needed by several others, and most places are looked at in vain. */
  readonly #places = new Map<string, LockedPackage | null>();
  #lock: Readonly<Record<string, LockedPackage>> | undefined;

  constructor(root: string) {
    this.#root = root;
  }

  /** Place (`name`, or `outer/node_modules/name`) → version; null when the project does not have the package. */
  closure(name: string): Versions | null {
    let versions = this.#known.get(name);
    if (versions === undefined) {
      const found: Record<string, string> = {};
      this.#collect(name, '', found);
      versions = Object.keys(found).length === 0 ? null : found;
      this.#known.set(name, versions);
    }
    return versions;
  }

  #collect(name: string, from: string, found: Record<string, string>): void {
    // As Node looks for it: in the importing package's own folder first, then in each above.
    for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
      const place = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
      const entry = this.#entry(place);
      if (entry !== null) {
        const key = place.slice('node_modules/'.length);
        if (key in found) return;
        found[key] = entry.version ?? 'unknown';
        for (const needed of Object.keys({
          ...entry.dependencies,
          ...entry.optionalDependencies,
          ...entry.peerDependencies,
        })) {
          this.#collect(needed, place, found);
        }
        return;
      }
      if (folder === '') return;
    }
  }

  #entry(place: string): LockedPackage | null {
    let entry = this.#places.get(place);
    if (entry === undefined) this.#places.set(place, (entry = this.#find(place)));
    return entry;
  }

  #find(place: string): LockedPackage | null {
    this.#lock ??= this.#readLock();
    const locked = this.#lock[place];
    if (locked !== undefined) return locked;
    const manifest = path.join(this.#root, place, 'package.json');
    if (existsSync(manifest)) return JSON.parse(readFileSync(manifest, 'utf8')) as LockedPackage;
    return null;
  }

  #readLock(): Readonly<Record<string, LockedPackage>> {
    const file = path.join(this.#root, 'package-lock.json');
    if (!existsSync(file)) return {};
    try {
      return (JSON.parse(readFileSync(file, 'utf8')) as {packages?: Record<string, LockedPackage>}).packages ?? {};
    } catch {
      return {}; // A lock file in the middle of a merge: the installed versions are used.
    }
  }
}
