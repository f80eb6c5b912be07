/** What a cell knows about those who read it, and the two-colour marking they share. */

/** Up to date. */
export const CLEAN = 0;
/** A source may have changed: ask the sources before recomputing. */
export const CHECK = 1;
/** A source has changed: recompute. */
export const DIRTY = 2;

export type Freshness = typeof CLEAN | typeof CHECK | typeof DIRTY;

export interface Reader {
  /** A source has changed (certain), or something under it has and it may. */
  mark(certain: boolean): void;
  /** A source has risen: a reader stands above everything it reads. */
  raise(level: number): void;
}

/** Most cells have no or one reader, so a set is made only for the second. */
export type Readers = Reader | Set<Reader> | undefined;

export function withReader(readers: Readers, reader: Reader): Readers {
  if (readers === undefined || readers === reader) return reader;
  if (readers instanceof Set) return readers.add(reader);
  return new Set([readers, reader]);
}

export function withoutReader(readers: Readers, reader: Reader): Readers {
  if (readers instanceof Set) {
    readers.delete(reader);
    return readers.size === 0 ? undefined : readers;
  }
  return readers === reader ? undefined : readers;
}

export function markReaders(readers: Readers, certain: boolean): void {
  if (readers instanceof Set) for (const reader of readers) reader.mark(certain);
  else readers?.mark(certain);
}

export function raiseReaders(readers: Readers, level: number): void {
  if (readers instanceof Set) for (const reader of readers) reader.raise(level);
  else readers?.raise(level);
}
