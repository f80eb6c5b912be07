const SHORTEST = 1024;
const NOTHING: ReadonlySet<string> = new Set();

/** Which key changed in which revision, newest last, bounded in length. */
export class Journal {
  private keys: string[] = [];
  private revisions: number[] = [];
  private floor: number;

  constructor(floor: number) {
    this.floor = floor;
  }

  /** Revisions before `floor` are unknown from now on. */
  reset(floor: number): void {
    this.keys = [];
    this.revisions = [];
    this.floor = floor;
  }

  /** `size` is that of the map: sending more keys than twice that is dearer than sending the map. */
  note(key: string, revision: number, size: number): void {
    this.keys.push(key);
    this.revisions.push(revision);
    if (this.keys.length <= Math.max(SHORTEST, 2 * size)) return;
    const cut = this.keys.length >> 1;
    this.floor = this.revisions[cut - 1] ?? this.floor;
    this.keys = this.keys.slice(cut);
    this.revisions = this.revisions.slice(cut);
  }

  since(revision: number): ReadonlySet<string> | undefined {
    if (revision < this.floor) return undefined;
    if ((this.revisions.at(-1) ?? this.floor) <= revision) return NOTHING;
    let low = 0;
    let high = this.revisions.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.revisions[middle] ?? 0) > revision) high = middle;
      else low = middle + 1;
    }
    const changed = new Set<string>();
    for (let i = low; i < this.keys.length; i++) changed.add(this.keys[i] ?? '');
    return changed;
  }
}
