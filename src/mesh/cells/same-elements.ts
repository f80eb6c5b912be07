/** Whether two lists hold the identical values in the same order: the equality of cells that return fresh lists of shared values. */
export function sameElements<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((value, index) => Object.is(value, b[index]));
}
