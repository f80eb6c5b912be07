export type Labels = Readonly<Record<string, string>>;

/** Whether `labels` has every pair of `selector`; the empty selector selects everything. */
export function selects(selector: Labels, labels: Labels): boolean {
  for (const key in selector) if (labels[key] !== selector[key]) return false;
  return true;
}
