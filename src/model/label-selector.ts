import type { Labels } from './labels.ts';

/** A selector of Kubernetes: all of it must hold; the empty one selects everything. */
export interface LabelSelector {
  readonly matchLabels?: Labels | undefined;
  readonly matchExpressions?: readonly LabelExpression[] | undefined;
}

export interface LabelExpression {
  readonly key?: string | undefined;
  /** `In`, `NotIn`, `Exists` or `DoesNotExist`. */
  readonly operator?: string | undefined;
  readonly values?: readonly string[] | undefined;
}

export function matchesSelector({ matchLabels = {}, matchExpressions = [] }: LabelSelector, labels: Labels): boolean {
  for (const key in matchLabels) if (labels[key] !== matchLabels[key]) return false;
  return matchExpressions.every((expression) => holds(expression, labels));
}

/** What is wrong with an expression, in a few words; undefined: nothing. */
export function wrongExpression({ key = '', operator = '', values = [] }: LabelExpression): string | undefined {
  if (key === '') return 'needs a key';
  if (operator === 'In' || operator === 'NotIn') return values.length === 0 ? `${operator} needs values` : undefined;
  if (operator === 'Exists' || operator === 'DoesNotExist') return values.length > 0 ? `${operator} takes no values` : undefined;
  return 'needs an operator: In, NotIn, Exists or DoesNotExist';
}

function holds({ key = '', operator = '', values = [] }: LabelExpression, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  if (operator === 'Exists') return value !== undefined;
  if (operator === 'DoesNotExist') return value === undefined;
  const isListed = value !== undefined && values.includes(value);
  return operator === 'NotIn' ? !isListed : operator === 'In' && isListed;
}
