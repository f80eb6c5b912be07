/** Something that holds a value only as long as somebody reads it. */
export interface Evictable {
  /** The generation in which it was last read from outside while nobody else read it. */
  readAt: number;
  isUsed(): boolean;
  evict(): void;
}

/** Cells that may have lost their last reader, and cells read only from outside, until they are forgotten. */
export class IdleCells {
  /** Counts settlings after a change. */
  private generation = 0;
  private readonly gone = new Set<Evictable>();
  private readonly touched = new Set<Evictable>();

  /** A cell without readers, so far or from now on. */
  left(cell: Evictable): void {
    this.gone.add(cell);
  }

  /** Read from outside: it stays for this generation and the next, so that polling it stays cheap. */
  touch(cell: Evictable): void {
    if (cell.isUsed()) return;
    cell.readAt = this.generation;
    this.touched.add(cell);
  }

  /** No longer observed: being read on behalf of the observer does not count. */
  untouch(cell: Evictable): void {
    this.touched.delete(cell);
    this.gone.add(cell);
  }

  nextGeneration(): void {
    this.generation++;
    for (const cell of this.touched) {
      if (!cell.isUsed() && cell.readAt >= this.generation - 1) continue;
      this.touched.delete(cell);
      this.gone.add(cell);
    }
  }

  /** Forgets everything unused; what that releases is swept in the same run. */
  sweep(): void {
    for (const cell of this.gone) {
      this.gone.delete(cell);
      if (!cell.isUsed() && !this.touched.has(cell)) cell.evict();
    }
  }
}
