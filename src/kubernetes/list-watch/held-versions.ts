import { isOlder } from './resource-version.ts';

/** Objects that are gone are remembered for so long, against events about them that come late. */
const maxGone = 1000;

/** Which version of which object is known: what tells news from repetitions, and what is missing from a new list. */
export class HeldVersions {
  private readonly versions = new Map<string, string>();
  private readonly gone = new Map<string, string>();

  get size(): number {
    return this.versions.size;
  }

  /** Of an object whose version is not stated nothing is known. */
  has(key: string, version: string): boolean {
    return version !== '' && this.versions.get(key) === version;
  }

  /** False where this version, or a later one, or a later removal is known already. */
  accept(key: string, version: string): boolean {
    const known = this.versions.get(key) ?? this.gone.get(key);
    if (known !== undefined && (this.has(key, version) || isOlder(version, known))) return false;
    this.versions.set(key, version);
    this.gone.delete(key);
    return true;
  }

  /** False where the object is not known, or known in a later version than the one that was removed. */
  remove(key: string, version: string): boolean {
    const known = this.versions.get(key);
    if (known !== undefined && isOlder(version, known)) return false;
    this.gone.delete(key);
    this.gone.set(key, version);
    if (this.gone.size > maxGone) for (const [oldest] of this.gone.entries().take(1)) this.gone.delete(oldest);
    return this.versions.delete(key);
  }

  /** Takes over what a complete list says; returns the keys that it lacks. */
  replace(listed: ReadonlyMap<string, string>): readonly string[] {
    const missing = [...this.versions.keys()].filter((key) => !listed.has(key));
    this.versions.clear();
    this.gone.clear();
    for (const [key, version] of listed) this.versions.set(key, version);
    return missing;
  }
}
