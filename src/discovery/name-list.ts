import { compareText } from '../model/config-object.ts';

/**
 * Names in ascending order, each once, of which those before `from` are done with. Never changed after it was made, so
 * that streams in the same situation hold the same list, and what was worked out for the list is shared by them.
 */
export interface NameList {
  readonly names: readonly string[];
  readonly from: number;
}

export const noNames: NameList = { names: [], from: 0 };

export function nameList(names: Iterable<string>): NameList {
  const unique = [...new Set(names)];
  return unique.length === 0 ? noNames : { names: unique.sort(compareText), from: 0 };
}

export function isEmpty(list: NameList): boolean {
  return list.from >= list.names.length;
}

/** Both together; the same object where the other one adds nothing. */
export function mergeNames(a: NameList, b: NameList): NameList {
  if (isEmpty(b) || a === b) return a;
  if (isEmpty(a)) return b;
  return nameList([...remaining(a), ...remaining(b)]);
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
