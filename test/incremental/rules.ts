import { bounded, KEYS, pick, type Rule } from './graph-spec.ts';

/** What a rule may read: the live graph records it, the reference looks it up. */
export interface Reads {
  at(map: number, key: string): number | undefined;
  whole(map: number): ReadonlyMap<string, number>;
  scalar(node: number): number;
  family(key: string): number;
  mapFamilyAt(family: string, key: string): number | undefined;
}

/** The value that a rule makes of one key; the same function for the live graph and for the reference. */
export function applyRule(rule: Rule, value: number, key: string, reads: Reads): number | undefined {
  switch (rule.kind) {
    case 'plain':
      return bounded(value, rule.modulus);
    case 'filter':
      return value % 2 === 0 ? value : undefined;
    case 'at':
      return bounded(value + (reads.at(rule.map, pick(KEYS, value + rule.shift)) ?? -1), 13);
    case 'scalar':
      return bounded(value + reads.scalar(rule.scalar), rule.modulus);
    case 'branch':
      return value % 2 === 0 ? (reads.at(rule.map, key) ?? 0) : bounded(reads.scalar(rule.scalar), 11);
    case 'whole':
      return bounded(value + weighted(reads.whole(rule.map)), 13);
    case 'family':
      return bounded(value + reads.family(String(value % 3)), 13);
    case 'mapFamily':
      return reads.mapFamilyAt(String(value % 2), pick(KEYS, value + rule.shift));
  }
}

export function applyFlat(rule: Rule, value: number, key: string, reads: Reads): [string, number][] {
  const own = applyRule(rule, value, key, reads);
  const shared = pick(KEYS, value + rule.shift);
  return own === undefined ? [] : [...(value % 3 === 0 ? [] : [[key, own] as [string, number]]), [shared, own + 1]];
}

/** Depends on the values and on the order in which the map lists them. */
export function weighted(map: ReadonlyMap<string, number>): number {
  let sum = 0;
  let position = 1;
  for (const [key, value] of map) sum += position++ * (value + key.charCodeAt(0));
  return sum;
}

export function groupsOf(value: number, modulus: number): string[] {
  return value === 7 ? [] : [`g${value % modulus}`, `h${value % 2}`];
}

export function mergeAll(values: readonly number[]): number {
  return bounded(
    values.reduce((a, b) => a * 3 + b, 0),
    17,
  );
}

/** Depends on the values, on their order, and on the layer of each; leaves some keys out. */
export function mergeParts(parts: readonly { readonly rank: number; readonly value: number }[]): number | undefined {
  const merged = mergeAll(parts.map(({ rank, value }) => rank + value));
  return merged === 11 ? undefined : merged;
}

/** An order in which different values are equal: then keys decide. */
export function byRemainder(a: number, b: number): number {
  return (b % 4) - (a % 4);
}

/** Depends on the values and on their order. */
export function weightedList(values: readonly number[]): number {
  return values.reduce((sum, value, index) => sum + (index + 1) * (value + 1), 0);
}
