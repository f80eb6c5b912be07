import { hashText } from '../../lib/hash.ts';
import { compareText } from '../../model/config-object.ts';

const longestLabel = 63;
const hashLength = 6;

/** The name of a service as DNS takes it: lower case, `-` for what no host name may hold, labels of 63 characters at most. */
export function hostLabel(name: string): string {
  const labels = name
    .toLowerCase()
    .split('.')
    .map((label) => label.replace(/[^a-z0-9-]+/g, '-').replace(/^-+|-+$/g, ''))
    .filter((label) => label !== '');
  if (labels.length === 0) return `service-${shortHash(name)}`;
  return labels
    .map((label) => (label.length > longestLabel ? `${label.slice(0, longestLabel - hashLength - 1)}-${shortHash(label)}` : label))
    .join('.');
}

/**
 * The label of each of several names that have the same one: the name that is written like its label keeps it, otherwise the first in
 * order; the others get a hash of their own name. It depends on the names alone, so every replica says the same.
 */
export function distinctLabels(label: string, names: Iterable<string>): ReadonlyMap<string, string> {
  const ordered = [...names].sort((a, b) => Number(b === label) - Number(a === label) || compareText(a, b));
  return new Map(ordered.map((name, index) => [name, index === 0 ? label : `${label}-${shortHash(name)}`]));
}

function shortHash(text: string): string {
  return hashText(text).slice(0, hashLength);
}
