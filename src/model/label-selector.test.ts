import { expect, test } from 'vitest';
import { type LabelSelector, matchesSelector, wrongExpression } from './label-selector.ts';

const labels = { env: 'prod', team: 'a' };

test.each<[LabelSelector, boolean]>([
  [{}, true],
  [{ matchLabels: { env: 'prod', team: 'a' } }, true],
  [{ matchLabels: { env: 'prod', team: 'b' } }, false],
  [{ matchExpressions: [{ key: 'env', operator: 'In', values: ['dev', 'prod'] }] }, true],
  [{ matchExpressions: [{ key: 'env', operator: 'In', values: ['dev'] }] }, false],
  [{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['x'] }] }, false],
  [{ matchExpressions: [{ key: 'env', operator: 'NotIn', values: ['prod'] }] }, false],
  [{ matchExpressions: [{ key: 'zone', operator: 'NotIn', values: ['x'] }] }, true],
  [{ matchExpressions: [{ key: 'env', operator: 'Exists' }] }, true],
  [{ matchExpressions: [{ key: 'constructor', operator: 'Exists' }] }, false],
  [{ matchExpressions: [{ key: 'env', operator: 'DoesNotExist' }] }, false],
  [{ matchLabels: { env: 'prod' }, matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['a'] }] }, false],
])('%j', (selector, isSelected) => {
  expect(matchesSelector(selector, labels)).toBe(isSelected);
});

test('expressions that mean nothing are told', () => {
  expect(wrongExpression({ key: 'a', operator: 'In', values: ['b'] })).toBeUndefined();
  expect(wrongExpression({ operator: 'Exists' })).toBe('needs a key');
  expect(wrongExpression({ key: 'a', operator: 'In' })).toBe('In needs values');
  expect(wrongExpression({ key: 'a', operator: 'Exists', values: ['b'] })).toBe('Exists takes no values');
  expect(wrongExpression({ key: 'a', operator: 'Equals' })).toMatch(/^needs an operator/);
});
