import { expect } from 'vitest';
import type { MapCell } from '../../src/incremental/cell.ts';
import type { Engine } from '../../src/incremental/engine.ts';

/** A stream's copy of a map, kept up to date by `changedSince` alone. */
export class Mirror {
  wasTold = false;
  readonly stop: () => void;
  private readonly engine: Engine;
  /** An overlay's journal may name keys that changed below without a visible change. */
  private readonly isOverlay: boolean;
  private readonly map: MapCell<number>;
  private copy: Map<string, number>;
  private revision: number;
  /** The revision of the last look, told or not. */
  private seen: number;

  constructor(engine: Engine, map: MapCell<number>, isOverlay: boolean) {
    this.isOverlay = isOverlay;
    this.engine = engine;
    this.map = map;
    this.stop = engine.observe(map, () => {
      expect(this.wasTold, 'told twice without a read in between').toBe(false);
      this.wasTold = true;
    });
    this.copy = new Map(map.get());
    this.revision = engine.revision;
    this.seen = engine.revision;
  }

  /** `isSingle`: one edit, so that what changed must be told exactly. */
  check(expected: ReadonlyMap<string, number>, isSingle: boolean): void {
    const different = new Set([...this.copy.keys(), ...expected.keys()].filter((key) => this.copy.get(key) !== expected.get(key)));
    if (isSingle) expect(this.wasTold).toBe(different.size > 0);
    if (different.size > 0) expect(this.wasTold).toBe(true);
    const before = this.seen;
    this.seen = this.engine.revision;
    if (!this.wasTold) return;
    this.wasTold = false;
    const changed = this.map.changedSince(this.revision);
    expect(this.map.changedAt()).toBe(this.engine.revision);
    const last = [...(this.map.changedSince(before) ?? different)];
    if (isSingle) expect(new Set(this.isOverlay ? last.filter((key) => different.has(key)) : last)).toEqual(different);
    if (changed) for (const key of changed) this.take(key);
    else this.copy = new Map(this.map.get());
    this.revision = this.engine.revision;
    expect(new Map(this.copy)).toEqual(new Map(expected));
  }

  private take(key: string): void {
    const value = this.map.lookup(key);
    expect(this.map.at(key).get()).toBe(value);
    if (value === undefined) this.copy.delete(key);
    else this.copy.set(key, value);
  }
}
