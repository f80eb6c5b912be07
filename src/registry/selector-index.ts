import { compareText } from '../model/config-object.ts';
import type { Labels } from '../model/labels.ts';

/** Group names under which a labelled object is found: its namespace, and each of its labels there. */
export function labelGroups(namespace: string, labels: Labels): readonly string[] {
  const groups = [`${namespace}/`];
  for (const name in labels) groups.push(groupName(namespace, name, labels[name] ?? ''));
  return groups;
}

/**
 * The one group in which everything that `selector` selects is found: that of its first pair. A change to an object outside
 * it cannot matter, so nothing that reads the group is recomputed.
 */
export function selectorGroup(namespace: string, selector: Labels): string {
  const first = Object.keys(selector).sort(compareText)[0];
  return first === undefined ? `${namespace}/` : groupName(namespace, first, selector[first] ?? '');
}

function groupName(namespace: string, name: string, value: string): string {
  return `${namespace}/${name}=${value}`;
}
