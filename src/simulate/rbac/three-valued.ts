/** True, false, or undefined for what is not known. */
export type Maybe = boolean | undefined;

/** False as soon as one is false; unknown if one is unknown. */
export function allOf(parts: readonly (() => Maybe)[]): Maybe {
  let result: Maybe = true;
  for (const part of parts) {
    const holds = part();
    if (holds === false) return false;
    if (holds === undefined) result = undefined;
  }
  return result;
}

/** True as soon as one is true; unknown if one is unknown. */
export function anyOf(parts: readonly (() => Maybe)[]): Maybe {
  let result: Maybe = false;
  for (const part of parts) {
    const holds = part();
    if (holds === true) return true;
    if (holds === undefined) result = undefined;
  }
  return result;
}

export function notOf(holds: Maybe): Maybe {
  return holds === undefined ? undefined : !holds;
}
