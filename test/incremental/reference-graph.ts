import { bounded, type Edit, INPUTS, KEYS, type Layer, type NodeSpec, pick, TABLES } from './graph-spec.ts';
import { applyFlat, applyRule, byRemainder, groupsOf, mergeAll, mergeParts, type Reads, weighted, weightedList } from './rules.ts';

type Values = ReadonlyMap<string, number>;

/** The same graph computed from scratch, without the engine: what the live one must equal after every edit. */
export class ReferenceGraph {
  readonly tables = Array.from({ length: TABLES }, () => new Map<string, number>());
  readonly hidden = new Map<string, number | null>();
  readonly layers = new Map<string, Layer>();
  readonly inputs = new Array<number>(INPUTS).fill(0);
  readonly maps: (() => Values)[] = [];
  readonly scalars: (() => number)[] = [];
  private memo = new Map<unknown, unknown>();

  constructor(specs: readonly NodeSpec[]) {
    for (const table of this.tables) this.maps.push(this.remember(() => sorted(table)));
    for (const i of this.inputs.keys()) this.scalars.push(() => this.inputs[i] ?? 0);
    for (const spec of specs) this.add(spec, this.maps.length, this.scalars.length);
  }

  edit(edit: Edit): void {
    this.memo = new Map();
    const table = edit.kind === 'input' || edit.kind === 'hide' || edit.kind === 'layer' ? undefined : this.tables[edit.table];
    if (edit.kind === 'set') table?.set(pick(KEYS, edit.key), edit.value);
    else if (edit.kind === 'delete') table?.delete(pick(KEYS, edit.key));
    else if (edit.kind === 'input') this.inputs[edit.input] = edit.value;
    else if (edit.kind === 'hide') {
      if (edit.value === undefined) this.hidden.delete(pick(KEYS, edit.key));
      else this.hidden.set(pick(KEYS, edit.key), edit.value);
    } else if (edit.kind === 'layer') {
      if (edit.value === undefined) this.layers.delete(pick(KEYS, edit.key));
      else this.layers.set(pick(KEYS, edit.key), edit.value);
    } else {
      table?.clear();
      for (const [i, value] of edit.values.entries()) if (value !== undefined) table?.set(pick(KEYS, i), value);
    }
  }

  familyValue(key: string): number {
    const index = Number(key);
    return bounded(pick(this.inputs, index) + (pick(this.tables, index).get('b') ?? 5), 7);
  }

  mapFamilyMap(key: string): Values {
    const source = pick(this.tables, Number(key));
    return sorted([...source].map(([k, v]) => [k, bounded(v + Number(key) + this.familyValue(key), 7)]));
  }

  map(node: number): Values {
    return pick(this.maps, node)();
  }

  scalar(node: number): number {
    return pick(this.scalars, node)();
  }

  private add(spec: NodeSpec, maps: number, scalars: number): void {
    const map = (node: number): Values => this.map(node % maps);
    const reads: Reads = {
      at: (node, key) => map(node).get(key),
      whole: map,
      scalar: (node) => this.scalar(node % scalars),
      family: (key) => this.familyValue(key),
      mapFamilyAt: (family, key) => this.mapFamilyMap(family).get(key),
    };
    if (spec.kind === 'derived') {
      const start = (): number => this.scalar(spec.rule.shift % scalars);
      this.scalars.push(this.remember(() => bounded(applyRule(spec.rule, start(), 'c', reads) ?? 1, spec.modulus + 4)));
    } else if (spec.kind === 'group') {
      this.scalars.push(this.remember(() => weighted(grouped(map(spec.source), spec.modulus).get(`g${spec.name}`) ?? new Map())));
    } else this.maps.push(this.remember(() => sorted(this.entries(spec, map, reads))));
  }

  private entries(
    spec: Exclude<NodeSpec, { kind: 'derived' | 'group' }>,
    map: (node: number) => Values,
    reads: Reads,
  ): Map<string, number> {
    const result = new Map<string, number>();
    const first = (key: string, value: number | undefined): unknown => value !== undefined && !result.has(key) && result.set(key, value);
    if (spec.kind === 'mapValues') for (const [k, v] of map(spec.source)) first(k, applyRule(spec.rule, v, k, reads));
    if (spec.kind === 'flatMap') for (const [k, v] of map(spec.source)) for (const [o, w] of applyFlat(spec.rule, v, k, reads)) first(o, w);
    if (spec.kind === 'groups') for (const [g, members] of grouped(map(spec.source), spec.modulus)) first(g, weighted(members));
    if (spec.kind === 'ordered') {
      for (const [g, members] of grouped(map(spec.source), spec.modulus))
        first(g, weightedList([...sorted(members).values()].sort(byRemainder)));
    }
    if (spec.kind === 'overlay') {
      for (const node of spec.layers) for (const [k, v] of map(node)) first(k, v);
      if (spec.hides) for (const [k, v] of this.hidden) void (v === null ? result.delete(k) : result.set(k, v));
    }
    if (spec.kind === 'union') {
      for (const key of keysOf(spec.layers.map(map)))
        first(key, mergeAll(spec.layers.map((node) => map(node).get(key)).filter((v) => v !== undefined)));
    }
    if (spec.kind === 'unionOf') {
      const layers = [...this.layers].sort(([a, { rank: x }], [b, { rank: y }]) => x - y || (a < b ? -1 : 1)).map(([, layer]) => layer);
      for (const key of keysOf(layers.map(({ node }) => map(node)))) {
        const parts = layers.map(({ node, rank }) => ({ rank, value: map(node).get(key) }));
        first(key, mergeParts(parts.filter((part): part is { rank: number; value: number } => part.value !== undefined)));
      }
    }
    return result;
  }

  private remember<T>(compute: () => T): () => T {
    return () => {
      if (!this.memo.has(compute)) this.memo.set(compute, compute());
      return this.memo.get(compute) as T;
    };
  }
}

function keysOf(maps: readonly Values[]): ReadonlySet<string> {
  return new Set(maps.flatMap((each) => [...each.keys()]));
}

function sorted(entries: Iterable<readonly [string, number]>): Values {
  return new Map([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function grouped(map: Values, modulus: number): Map<string, Map<string, number>> {
  const groups = new Map<string, Map<string, number>>();
  for (const [key, value] of map) {
    for (const name of groupsOf(value, modulus)) {
      const group = groups.get(name) ?? new Map<string, number>();
      groups.set(name, group.set(key, value));
    }
  }
  return groups;
}
