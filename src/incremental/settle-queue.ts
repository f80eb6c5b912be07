/** A map with changed keys to work through. */
export interface Settleable {
  readonly level: number;
  settle(): void;
}

/** Dirty maps by level, lowest first: a map settles only after everything it reads. */
export class SettleQueue {
  private readonly levels: Set<Settleable>[] = [];
  private lowest = Number.POSITIVE_INFINITY;

  add(map: Settleable): void {
    let level = this.levels[map.level];
    if (!level) {
      level = new Set();
      this.levels[map.level] = level;
    }
    level.add(map);
    if (map.level < this.lowest) this.lowest = map.level;
  }

  /** To be called with the level under which it was added. */
  remove(map: Settleable, level: number): boolean {
    return this.levels[level]?.delete(map) ?? false;
  }

  get isEmpty(): boolean {
    return !this.hasUpTo(Number.MAX_SAFE_INTEGER);
  }

  hasUpTo(level: number): boolean {
    while (this.lowest < this.levels.length && !this.levels[this.lowest]?.size) this.lowest++;
    if (this.lowest >= this.levels.length) this.lowest = Number.POSITIVE_INFINITY;
    return this.lowest <= level && this.lowest !== Number.POSITIVE_INFINITY;
  }

  /** The lowest map, taken out of the queue. */
  take(): Settleable | undefined {
    if (this.isEmpty) return undefined;
    const maps = this.levels[this.lowest];
    for (const map of maps ?? []) {
      maps?.delete(map);
      return map;
    }
    return undefined;
  }
}
