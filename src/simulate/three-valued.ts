/** Why it cannot be said whether something holds. */
export interface Doubt {
  /** Half a sentence: `the expression "\C" cannot be evaluated here`. */
  readonly doubt: string;
}

/** Holds, does not hold, or nobody can say. */
export type Maybe = boolean | Doubt;

export function isDoubt<T>(value: T | Doubt): value is Doubt {
  return typeof value === 'object' && value !== null && 'doubt' in value;
}

/** The same doubt with what it is about in front of it. */
export function doubtAbout(what: string, { doubt }: Doubt): Doubt {
  return { doubt: `${what}: ${doubt}` };
}

/** False as soon as one is false; in doubt if one is in doubt. */
export function allOf(parts: readonly (() => Maybe)[]): Maybe {
  let result: Maybe = true;
  for (const part of parts) {
    const holds = part();
    if (holds === false) return false;
    if (result === true) result = holds;
  }
  return result;
}

/** True as soon as one is true; in doubt if one is in doubt. */
export function anyOf(parts: readonly (() => Maybe)[]): Maybe {
  let result: Maybe = false;
  for (const part of parts) {
    const holds = part();
    if (holds === true) return true;
    if (result === false) result = holds;
  }
  return result;
}

export function notOf(holds: Maybe): Maybe {
  return isDoubt(holds) ? holds : !holds;
}
