/**
 * Pearson's statistic of what was observed against the shares that were promised. Compare it with `chiSquareLimit`: a right
 * split exceeds that once in a million runs.
 */
export function chiSquare(observed: readonly number[], shares: readonly number[]): number {
  const total = observed.reduce((sum, count) => sum + count, 0);
  const whole = shares.reduce((sum, share) => sum + share, 0);
  return observed.reduce((sum, count, index) => {
    const expected = (total * (shares[index] ?? 0)) / whole;
    return sum + (count - expected) ** 2 / expected;
  }, 0);
}

/** The value that chi-square exceeds with a probability of one in a million, by degrees of freedom (1 to 3). */
export const chiSquareLimit: Readonly<Record<1 | 2 | 3, number>> = { 1: 23.93, 2: 27.63, 3: 30.66 };
