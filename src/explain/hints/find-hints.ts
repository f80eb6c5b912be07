import type { Hint } from '../explanation.ts';
import type { FindHints, HintContext } from './hint-context.ts';

/** The usual mistakes, in the order in which they are told. */
const mistakes: readonly FindHints[] = [];

export function findHints(context: HintContext): readonly Hint[] {
  return mistakes.flatMap((find) => find(context));
}
