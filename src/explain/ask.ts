import type { Read } from '../incremental/cell.ts';
import type { Engine } from '../incremental/engine.ts';

/** Reads cells from outside, and keeps nothing: what was worked out for the answer alone is forgotten with it. */
export function ask<T>(engine: Engine, question: (read: Read) => T): T {
  const cell = engine.derived(question);
  const release = engine.observe(cell, () => {});
  try {
    return cell.get();
  } finally {
    release();
  }
}
