import { compareText } from '../model/config-object.ts';
import type { ResourceView } from './resource-source.ts';

/**
 * Names in ascending order, each once, of which those before `from` are done with. Never changed after it was made, so
 * that streams in the same situation hold the same list, and what was worked out for the list is shared by them.
 */
export interface NameList {
  readonly names: readonly string[];
  readonly from: number;
  /** The view that holds every one of the names, where the list was made from that. */
  readonly of?: ResourceView;
  /** Two lists one after the other, each of which more streams hold than both: `from` is 0. */
  readonly parts?: readonly [NameList, NameList];
}

export const noNames: NameList = { names: [], from: 0 };

export function nameList(names: Iterable<string>): NameList {
  const list = [...names];
  if (list.length === 0) return noNames;
  return { names: isAscending(list) ? list : [...new Set(list)].sort(compareText), from: 0 };
}

/** Each once and in order, as names come from a view or from a client that repeats what it was sent. */
function isAscending(names: readonly string[]): boolean {
  for (let i = 1; i < names.length; i++) if ((names[i - 1] as string) >= (names[i] as string)) return false;
  return true;
}

export function isEmpty(list: NameList): boolean {
  return list.from >= list.names.length;
}

/** What long lists came to together: streams in the same situation add the same lists. */
type Pairs = WeakMap<NameList, WeakMap<NameList, NameList>>;
const merged: Pairs = new WeakMap();
const joined: Pairs = new WeakMap();
const longList = 64;

/** Both together; the same object where the other one adds nothing, and for the same two lists. */
export function mergeNames(a: NameList, b: NameList): NameList {
  if (isEmpty(b) || a === b) return a;
  if (isEmpty(a)) return b;
  if (a.names.length + b.names.length < longList) return mergeTwo(a, b);
  return ofPair(merged, [a, b], mergeTwo);
}

/** As `mergeNames`, and where `b` begins after the end of `a` the two stay apart in it, to be looked up for each. */
export function joinNames(a: NameList, b: NameList): NameList {
  const isShort = a.names.length + b.names.length < longList;
  if (isShort || isEmpty(a) || isEmpty(b) || (a.names.at(-1) as string) >= (b.names[b.from] as string)) return mergeNames(a, b);
  return ofPair(joined, [a, b], (left, right) => {
    const [head, tail] = left.parts ?? [left, noNames];
    return { names: [...remaining(left), ...remaining(right)], from: 0, parts: [head, joinNames(tail, right)] };
  });
}

function ofPair(pairs: Pairs, [a, b]: readonly [NameList, NameList], make: (a: NameList, b: NameList) => NameList): NameList {
  const withA = pairs.get(a) ?? new WeakMap<NameList, NameList>();
  pairs.set(a, withA);
  const together = withA.get(b) ?? make(a, b);
  withA.set(b, together);
  return together;
}

function mergeTwo(a: NameList, b: NameList): NameList {
  const names: string[] = [];
  let i = a.from;
  let j = b.from;
  while (i < a.names.length && j < b.names.length) {
    const [left, right] = [a.names[i] as string, b.names[j] as string];
    if (left <= right) i++;
    if (right <= left) j++;
    names.push(left <= right ? left : right);
  }
  for (; i < a.names.length; i++) names.push(a.names[i] as string);
  for (; j < b.names.length; j++) names.push(b.names[j] as string);
  return { names, from: 0 };
}

/** The names that pass; the same object where all do. */
export function filterNames(list: NameList, passes: (name: string) => boolean): NameList {
  const all = remaining(list);
  const passed = all.filter(passes);
  if (passed.length === all.length) return list;
  return passed.length === 0 ? noNames : { names: passed, from: 0 };
}

export function remaining(list: NameList): readonly string[] {
  return list.from === 0 ? list.names : list.names.slice(list.from);
}

/** The names that begin with a text. */
export function withPrefix({ names, from }: NameList, prefix: string): NameList {
  let start = from;
  for (let end = names.length; start < end; ) {
    const middle = (start + end) >> 1;
    if ((names[middle] as string) < prefix) start = middle + 1;
    else end = middle;
  }
  let end = start;
  while (names[end]?.startsWith(prefix)) end++;
  return start === end ? noNames : { names: names.slice(start, end), from: 0 };
}
