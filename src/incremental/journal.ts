const SHORTEST = 1024;
const NOTHING: ReadonlySet<string> = new Set();

/** Which key changed in which revision, newest last, bounded in length. */
export class Journal {
  private keys: string[] = [];
  private revisions: number[] = [];
  private floor: number;
  /** Entries that the map had at most. */
  private largest = 0;

  constructor(floor: number) {
    this.floor = floor;
  }

  /** Revisions before `floor` are unknown from now on. */
  reset(floor: number): void {
    this.keys = [];
    this.revisions = [];
    this.floor = floor;
    this.largest = 0;
  }

  /**
   * `size` is that of the map: telling more keys than twice that is dearer than telling the map. What counts is how large it once was:
   * where most of a large map goes, those who knew it all want to be told of each key.
   */
  note(key: string, revision: number, size: number): void {
    this.keys.push(key);
    this.revisions.push(revision);
    this.largest = Math.max(this.largest, size);
    if (this.keys.length > Math.max(SHORTEST, 2 * this.largest)) this.forgetHalf(revision);
  }

  /** About half, but no part of a revision, which would be of no use without the rest, and nothing of the one that is under way. */
  private forgetHalf(underWay: number): void {
    const { length } = this.keys;
    const middle = this.revisions[(length >> 1) - 1] ?? underWay;
    const before = this.indexAfter(middle - 1);
    const cut = before >= length >> 2 || middle === underWay ? before : this.indexAfter(middle);
    // where nearly all is of the revision under way, there is little to forget
    if (cut < length >> 3) return;
    this.floor = this.revisions[cut - 1] ?? this.floor;
    this.keys = this.keys.slice(cut);
    this.revisions = this.revisions.slice(cut);
  }

  since(revision: number): ReadonlySet<string> | undefined {
    if (revision < this.floor) return undefined;
    if ((this.revisions.at(-1) ?? this.floor) <= revision) return NOTHING;
    const changed = new Set<string>();
    for (let i = this.indexAfter(revision); i < this.keys.length; i++) changed.add(this.keys[i] ?? '');
    return changed;
  }

  /** Where the first entry of a later revision stands. */
  private indexAfter(revision: number): number {
    let low = 0;
    let high = this.revisions.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.revisions[middle] ?? 0) > revision) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
