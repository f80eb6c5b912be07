/** Istio's `IstioCondition`. */
export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  /** When `status` last became what it is. */
  readonly lastTransitionTime: string;
  readonly observedGeneration?: number;
}

/** A condition before it is known when it came to be. */
export type ConditionNow = Omit<Condition, 'lastTransitionTime'>;

/** The list with the condition in its place; those of others stay as they are. `nowMs` is when it holds since, if its status is new. */
export function withCondition(conditions: readonly unknown[], now: ConditionNow, nowMs: number): readonly unknown[] {
  const before = conditionOf(conditions, now.type);
  const lastTransitionTime = before?.status === now.status ? before.lastTransitionTime : new Date(nowMs).toISOString().replace(/\..*/, 'Z');
  const condition: Condition = { ...now, lastTransitionTime };
  if (before === undefined) return [...conditions, condition];
  return conditions.map((each) => (each === before ? condition : each));
}

export function conditionOf(conditions: readonly unknown[], type: string): Condition | undefined {
  return conditions.find((each): each is Condition => typeof each === 'object' && each !== null && 'type' in each && each.type === type);
}
