import { expect } from 'vitest';
import type { Cell, Input, MapCell, Read, Table } from '../../src/incremental/cell.ts';
import { Engine } from '../../src/incremental/engine.ts';
import { bounded, type Edit, INPUTS, KEYS, type Layer, type NodeSpec, pick, TABLES } from './graph-spec.ts';
import type { ReferenceGraph } from './reference-graph.ts';
import { applyFlat, applyRule, byRemainder, groupsOf, mergeAll, mergeParts, type Reads, weighted, weightedList } from './rules.ts';

/** The graph in the engine. Every read of every compute is compared with the reference: a compute that saw a mixture would fail. */
export class LiveGraph {
  readonly engine = new Engine();
  readonly tables: Table<number>[] = [];
  readonly hidden: Table<number | null>;
  readonly layers: Table<Layer>;
  readonly inputs: Input<number>[] = [];
  readonly maps: MapCell<number>[] = [];
  readonly overlays = new Set<MapCell<number>>();
  readonly scalars: Cell<number>[] = [];
  private readonly family: (key: string) => Cell<number>;
  private readonly mapFamily: (key: string) => MapCell<number>;
  private readonly reference: ReferenceGraph;

  constructor(specs: readonly NodeSpec[], reference: ReferenceGraph) {
    this.reference = reference;
    for (let i = 0; i < TABLES; i++) this.tables.push(this.engine.table<number>());
    for (let i = 0; i < INPUTS; i++) this.inputs.push(this.engine.input(0));
    this.hidden = this.engine.table<number | null>();
    this.layers = this.engine.table<Layer>();
    this.maps.push(...this.tables);
    this.scalars.push(...this.inputs);
    // Families stand on inputs only: a compute anywhere may read them.
    const { tables, inputs } = this;
    this.family = this.engine.family((key, read) => {
      const index = Number(key);
      return bounded(read(pick(inputs, index)) + (read(pick(tables, index).at('b')) ?? 5), 7);
    });
    this.mapFamily = this.engine.mapFamily((key) =>
      this.engine.mapValues(pick(tables, Number(key)), (v, _k, read) => bounded(v + Number(key) + read(this.family(key)), 7)),
    );
    for (const spec of specs) this.add(spec, this.maps.length, this.scalars.length);
  }

  edit(edit: Edit): void {
    if (edit.kind === 'input') this.inputs[edit.input]?.set(edit.value);
    else if (edit.kind === 'hide') {
      if (edit.value === undefined) this.hidden.delete(pick(KEYS, edit.key));
      else this.hidden.set(pick(KEYS, edit.key), edit.value);
    } else if (edit.kind === 'layer') {
      if (edit.value === undefined) this.layers.delete(pick(KEYS, edit.key));
      else this.layers.set(pick(KEYS, edit.key), edit.value);
    } else if (edit.kind === 'set') this.tables[edit.table]?.set(pick(KEYS, edit.key), edit.value);
    else if (edit.kind === 'delete') this.tables[edit.table]?.delete(pick(KEYS, edit.key));
    else {
      const entries = new Map<string, number>();
      for (const [i, value] of edit.values.entries()) if (value !== undefined) entries.set(pick(KEYS, i), value);
      this.tables[edit.table]?.replace(entries);
    }
  }

  private add(spec: NodeSpec, maps: number, scalars: number): void {
    const { engine } = this;
    const map = (node: number): MapCell<number> => pick(this.maps, node % maps);
    const checked = (node: number, key: string, value: number): number => {
      expect(value).toBe(this.reference.map(node % maps).get(key));
      return value;
    };
    const readsOf = (read: Read): Reads => this.readsOf(read, maps, scalars);
    switch (spec.kind) {
      case 'derived': {
        const start = pick(this.scalars, spec.rule.shift % scalars);
        this.scalars.push(engine.derived((read) => bounded(applyRule(spec.rule, read(start), 'c', readsOf(read)) ?? 1, spec.modulus + 4)));
        return;
      }
      case 'group': {
        const index = engine.index(map(spec.source), (v) => groupsOf(v, spec.modulus));
        this.scalars.push(engine.derived((read) => weighted(read(index.group(`g${spec.name}`)))));
        return;
      }
      case 'groups': {
        const index = engine.index(map(spec.source), (v) => groupsOf(v, spec.modulus));
        this.maps.push(engine.mapValues(index.groups, weighted));
        return;
      }
      case 'ordered': {
        const ordered = engine.ordered(map(spec.source), (v) => groupsOf(v, spec.modulus), byRemainder);
        this.maps.push(engine.mapValues(ordered, weightedList));
        return;
      }
      case 'mapValues':
        this.maps.push(
          engine.mapValues(map(spec.source), (v, k, read) => applyRule(spec.rule, checked(spec.source, k, v), k, readsOf(read))),
        );
        return;
      case 'flatMap':
        this.maps.push(
          engine.flatMap(map(spec.source), (v, k, read) => applyFlat(spec.rule, checked(spec.source, k, v), k, readsOf(read))),
        );
        return;
      case 'overlay': {
        const overlay = engine.overlay<number>([...(spec.hides ? [this.hidden] : []), ...spec.layers.map(map)]);
        this.overlays.add(overlay);
        this.maps.push(overlay);
        return;
      }
      case 'union':
        this.maps.push(engine.union(spec.layers.map(map), mergeAll));
        return;
      case 'unionOf':
        this.maps.push(
          engine.unionOf(this.layers, {
            mapOf: ({ node }) => map(node),
            compare: (a, b) => a.rank - b.rank,
            merge: (parts) => mergeParts(parts.map(({ layer, value }) => ({ rank: layer.rank, value }))),
          }),
        );
        return;
    }
  }

  private readsOf(read: Read, maps: number, scalars: number): Reads {
    const { reference } = this;
    const same = <T>(value: T, expected: T): T => {
      expect(value).toEqual(expected);
      return value;
    };
    return {
      at: (node, key) => same(read(pick(this.maps, node % maps).at(key)), reference.map(node % maps).get(key)),
      whole: (node) => same(read(pick(this.maps, node % maps)), reference.map(node % maps)),
      scalar: (node) => same(read(pick(this.scalars, node % scalars)), reference.scalar(node % scalars)),
      family: (key) => same(read(this.family(key)), reference.familyValue(key)),
      mapFamilyAt: (family, key) => same(read(this.mapFamily(family).at(key)), reference.mapFamilyMap(family).get(key)),
    };
  }
}
