/** Hosts of one priority, counted. */
export interface PriorityHealth {
  readonly healthy: number;
  readonly degraded: number;
  readonly total: number;
}

export interface PriorityLoad {
  /** Of all requests, 0 to 1. */
  readonly share: number;
  /** Too few are healthy: all are used alike. */
  readonly isPanic: boolean;
}

/**
 * How requests spread over priorities: each takes what its healthy hosts can bear, a little over capacity, and the next what is left
 * (Envoy, priority levels). `overprovisioning` is 1.4 as a rule, `panicThreshold` a share of 1, 0: no panic.
 */
export function priorityLoads(
  levels: readonly PriorityHealth[],
  overprovisioning: number,
  panicThreshold: number,
): readonly PriorityLoad[] {
  const able = (count: number, total: number) =>
    total === 0 ? 0 : Math.min(1, Math.floor((100 * overprovisioning * count) / total) / 100);
  const healthy = levels.map(({ healthy: count, total }) => able(count, total));
  const degraded = levels.map(({ degraded: count, total }) => able(count, total));
  const sum = Math.min(
    1,
    [...healthy, ...degraded].reduce((a, b) => a + b, 0),
  );
  const isPanic = ({ healthy: own, degraded: weak, total }: PriorityHealth) =>
    sum < 1 && total > 0 && (own + weak) / total < panicThreshold;
  if (sum === 0) return inPanic(levels, panicThreshold);
  let left = 1;
  const take = (ability: number): number => {
    const share = Math.min(left, ability / sum);
    left -= share;
    return share;
  };
  const first = healthy.map(take);
  const second = degraded.map(take);
  return levels.map((level, index) => ({ share: (first[index] ?? 0) + (second[index] ?? 0), isPanic: isPanic(level) }));
}

/** Nobody is healthy: hosts are used alike wherever they are, or none of them. */
function inPanic(levels: readonly PriorityHealth[], panicThreshold: number): readonly PriorityLoad[] {
  const total = levels.reduce((sum, level) => sum + level.total, 0);
  const isPanic = panicThreshold > 0;
  return levels.map((level) => ({ share: isPanic && total > 0 ? level.total / total : 0, isPanic }));
}
