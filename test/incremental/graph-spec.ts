import fc from 'fast-check';

/** A random graph as data: every node reads only nodes before it. The first ones are the inputs. */
export const KEYS = ['a', 'b', 'c', 'd', 'e', 'f', 'g'] as const;
export const TABLES = 2;
export const INPUTS = 2;

/** What the compute of one key does with its value; `map`, `scalar` name an earlier node (taken modulo their number). */
export interface Rule {
  readonly kind: 'plain' | 'filter' | 'at' | 'scalar' | 'branch' | 'whole' | 'family' | 'mapFamily';
  readonly modulus: number;
  readonly shift: number;
  readonly map: number;
  readonly scalar: number;
}

export type NodeSpec =
  | { readonly kind: 'mapValues' | 'flatMap'; readonly source: number; readonly rule: Rule }
  | { readonly kind: 'groups' | 'ordered'; readonly source: number; readonly modulus: number }
  | { readonly kind: 'overlay'; readonly layers: readonly number[]; readonly hides: boolean }
  | { readonly kind: 'union'; readonly layers: readonly number[] }
  | { readonly kind: 'unionOf' }
  | { readonly kind: 'derived'; readonly rule: Rule; readonly modulus: number }
  | { readonly kind: 'group'; readonly source: number; readonly name: number; readonly modulus: number };

/** A layer of `unionOf`: an earlier node, and its place among the others. */
export interface Layer {
  readonly node: number;
  readonly rank: number;
}

export type Edit =
  | { readonly kind: 'set'; readonly table: number; readonly key: number; readonly value: number }
  | { readonly kind: 'delete'; readonly table: number; readonly key: number }
  | { readonly kind: 'replace'; readonly table: number; readonly values: readonly (number | undefined)[] }
  | { readonly kind: 'input'; readonly input: number; readonly value: number }
  | { readonly kind: 'hide'; readonly key: number; readonly value: number | null | undefined }
  | { readonly kind: 'layer'; readonly key: number; readonly value: Layer | undefined };

export type Step =
  | Edit
  | { readonly kind: 'batch'; readonly edits: readonly Edit[] }
  | { readonly kind: 'observe'; readonly node: number }
  | { readonly kind: 'unobserve'; readonly node: number }
  | { readonly kind: 'read'; readonly node: number };

const index = fc.nat({ max: 30 });
const value = fc.nat({ max: 12 });
const key = fc.nat({ max: KEYS.length - 1 });

const rule: fc.Arbitrary<Rule> = fc.record({
  kind: fc.constantFrom<Rule['kind']>('plain', 'filter', 'at', 'scalar', 'branch', 'whole', 'family', 'mapFamily'),
  modulus: fc.integer({ min: 1, max: 9 }),
  shift: key,
  map: index,
  scalar: index,
});
const modulus = fc.integer({ min: 1, max: 4 });
const layers = fc.array(index, { minLength: 1, maxLength: 3 });

export const nodeSpec: fc.Arbitrary<NodeSpec> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('mapValues' as const, 'flatMap' as const), source: index, rule }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('groups' as const, 'ordered' as const), source: index, modulus }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('overlay' as const), layers, hides: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('union' as const), layers }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('unionOf' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('derived' as const), rule, modulus }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('group' as const), source: index, name: fc.nat({ max: 4 }), modulus }) },
);

const table = fc.nat({ max: TABLES - 1 });
const layer = fc.option(fc.record({ node: index, rank: fc.nat({ max: 2 }) }), { nil: undefined, freq: 3 });
export const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('set' as const), table, key, value }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), table, key }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('replace' as const),
      table,
      values: fc.array(fc.option(value, { nil: undefined }), { maxLength: KEYS.length }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('input' as const), input: fc.nat({ max: INPUTS - 1 }), value }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('hide' as const), key, value: fc.oneof(value, fc.constant(null), fc.constant(undefined)) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('layer' as const), key, value: layer }) },
);

export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: edit },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('batch' as const), edits: fc.array(edit, { minLength: 1, maxLength: 5 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('observe' as const, 'unobserve' as const, 'read' as const), node: index }) },
);

/** The n-th of a list that is never empty, counted around. */
export function pick<T>(list: readonly T[], n: number): T {
  const item = list[n % list.length];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

/** Numbers stay small, so that equal values are frequent. */
export function bounded(n: number, by: number): number {
  return ((n % by) + by) % by;
}
