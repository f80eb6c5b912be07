import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { edit, type NodeSpec, nodeSpec, type Step, step } from './graph-spec.ts';
import { LiveGraph } from './live-graph.ts';
import { Mirror } from './mirror.ts';
import { ReferenceGraph } from './reference-graph.ts';

const numRuns = Number(process.env['COXSWAIN_RUNS'] ?? 200);
vi.setConfig({ testTimeout: 60_000 + numRuns * 20 });

/** One random graph with its reference, the streams that observe it, and the outputs that observe single values. */
class Session {
  readonly reference: ReferenceGraph;
  readonly live: LiveGraph;
  private readonly mirrors = new Map<number, Mirror>();
  private readonly scalars = new Map<number, { stop: () => void; told: boolean; value: number }>();

  constructor(specs: readonly NodeSpec[]) {
    this.reference = new ReferenceGraph(specs);
    this.live = new LiveGraph(specs, this.reference);
  }

  run(step: Step): void {
    if (step.kind === 'observe') this.observe(step.node);
    else if (step.kind === 'unobserve') this.unobserve(step.node);
    else if (step.kind === 'read') this.readOne(step.node);
    else if (step.kind === 'batch') {
      for (const each of step.edits) this.reference.edit(each);
      this.live.engine.batch(() => {
        for (const each of step.edits) this.live.edit(each);
      });
    } else {
      this.reference.edit(step);
      this.live.edit(step);
    }
    this.checkObserved(step.kind !== 'batch' && step.kind !== 'replace');
  }

  checkAll(): void {
    this.live.maps.forEach((map, i) => {
      expect([...map.get()]).toEqual([...this.reference.map(i)]);
    });
    this.live.scalars.forEach((cell, i) => {
      expect(cell.get()).toBe(this.reference.scalar(i));
    });
  }

  stopAll(): void {
    for (const { stop } of [...this.mirrors.values(), ...this.scalars.values()]) stop();
    this.mirrors.clear();
    this.scalars.clear();
  }

  private observe(node: number): void {
    const at = node % this.live.maps.length;
    const map = this.live.maps[at];
    if (node % 3 > 0 && map) {
      if (!this.mirrors.has(at)) this.mirrors.set(at, new Mirror(this.live.engine, map, this.live.overlays.has(map)));
      return;
    }
    const index = node % this.live.scalars.length;
    const cell = this.live.scalars[index];
    if (!cell || this.scalars.has(index)) return;
    const output = { told: false, value: 0, stop: () => {} };
    output.stop = this.live.engine.observe(cell, () => {
      expect(output.told).toBe(false);
      output.told = true;
    });
    output.value = cell.get();
    this.scalars.set(index, output);
  }

  private unobserve(node: number): void {
    const at = node % this.live.maps.length;
    this.mirrors.get(at)?.stop();
    this.mirrors.delete(at);
    const index = node % this.live.scalars.length;
    this.scalars.get(index)?.stop();
    this.scalars.delete(index);
  }

  private readOne(node: number): void {
    const { maps, scalars } = this.live;
    if (node % 2 === 0) expect(scalars[node % scalars.length]?.get()).toBe(this.reference.scalar(node % scalars.length));
    else {
      const [map, expected] = [maps[node % maps.length], this.reference.map(node % maps.length).get('c')];
      if (node % 4 === 1) expect(map?.lookup('c')).toBe(expected);
      expect(map?.at('c').get()).toBe(expected);
      expect(map?.lookup('c')).toBe(expected);
    }
  }

  private checkObserved(isSingle: boolean): void {
    for (const [node, mirror] of this.mirrors) mirror.check(this.reference.map(node), isSingle);
    for (const [node, output] of this.scalars) {
      const expected = this.reference.scalar(node);
      if (expected !== output.value) expect(output.told).toBe(true);
      output.told = false;
      output.value = this.live.scalars[node]?.get() ?? Number.NaN;
      expect(output.value).toBe(expected);
    }
  }
}

const specs = fc.array(nodeSpec, { minLength: 1, maxLength: 14, size: 'max' });

describe('a random graph', () => {
  it('equals a computation from scratch after every edit, and its journals tell exactly what changed', () => {
    fc.assert(
      fc.property(specs, fc.array(step, { maxLength: 40, size: 'max' }), fc.boolean(), (graph, steps, readsAll) => {
        const session = new Session(graph);
        for (const each of steps) {
          session.run(each);
          if (readsAll) session.checkAll();
        }
        session.checkAll();
      }),
      { numRuns },
    );
  });

  it('forgets everything once nobody observes it', () => {
    fc.assert(
      fc.property(specs, fc.array(step, { maxLength: 20, size: 'max' }), (graph, steps) => {
        const session = new Session(graph);
        for (const each of steps) session.run(each);
        session.checkAll();
        session.stopAll();
        const tick = session.live.engine.input(0);
        for (const value of [1, 2, 3]) {
          tick.set(value);
          tick.get();
        }
        expect(session.live.engine.stats()).toMatchObject({ cells: 0, observers: 0 });
        session.checkAll();
      }),
      { numRuns },
    );
  });

  it('does not remember the order of edits that commute', () => {
    fc.assert(
      fc.property(
        specs,
        fc.uniqueArray(edit, {
          maxLength: 12,
          selector: (e) =>
            e.kind === 'replace' ? `${e.table}` : JSON.stringify([e.kind, 'table' in e ? e.table : 0, 'key' in e ? e.key : e.input]),
        }),
        fc.infiniteStream(fc.nat()),
        (graph, edits, random) => {
          const commuting = edits.filter((e) => e.kind === 'set' || e.kind === 'input' || e.kind === 'hide' || e.kind === 'layer');
          const shuffled = commuting.map((e) => ({ e, at: random.next().value })).sort((a, b) => a.at - b.at);
          const [one, other] = [new Session(graph), new Session(graph)];
          for (const [i] of one.live.maps.entries()) {
            one.run({ kind: 'observe', node: i });
            other.run({ kind: 'observe', node: i });
          }
          for (const each of commuting) one.run(each);
          for (const { e } of shuffled) other.run(e);
          one.live.maps.forEach((map, i) => {
            expect([...map.get()]).toEqual([...(other.live.maps[i]?.get() ?? [])]);
          });
        },
      ),
      { numRuns },
    );
  });
});
