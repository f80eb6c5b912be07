import { describe, expect, it } from 'vitest';
import { entryVisibility, narrowed } from './entry-visibility.ts';

const shared = { namespaceSelector: { matchLabels: { shared: 'yes' } } };

describe('entryVisibility', () => {
  const setting = {
    applyToSidecars: true,
    defaultVisibility: 'NAMESPACE',
    policies: [
      { visibility: 'PUBLIC', matchingRules: [shared, { namespaceSelector: { matchLabels: { team: 'a' } } }] },
      { visibility: 'NONE', matchingRules: [shared] },
    ],
  } as const;

  it.each([
    [{ shared: 'yes', team: 'a' }, 'PUBLIC'],
    [{ shared: 'yes' }, 'NONE'],
    [{}, 'NAMESPACE'],
  ] as const)('of a namespace with %j is %s', (labels, expected) => {
    expect(entryVisibility(setting, labels)).toBe(expected);
  });

  it('is public where sidecars are not meant, or nothing is said', () => {
    expect(entryVisibility({ ...setting, applyToSidecars: false }, {})).toBe('PUBLIC');
    expect(entryVisibility(undefined, {})).toBe('PUBLIC');
    expect(entryVisibility({ applyToSidecars: true }, {})).toBe('PUBLIC');
  });

  it('takes a policy without rules for everybody, and a rule without selector for nobody', () => {
    expect(entryVisibility({ applyToSidecars: true, policies: [{ visibility: 'NONE' }] }, {})).toBe('NONE');
    expect(entryVisibility({ applyToSidecars: true, policies: [{ visibility: 'NONE', matchingRules: [{}] }] }, {})).toBe('PUBLIC');
  });
});

it.each([
  [['*'], 'PUBLIC', ['*']],
  [['*'], 'NAMESPACE', ['.']],
  [['.', 'pay'], 'NAMESPACE', ['.']],
  [['shop'], 'NAMESPACE', ['.']],
  [['pay'], 'NAMESPACE', ['~']],
  [['*'], 'NONE', ['~']],
  [['~'], 'NAMESPACE', ['~']],
] as const)('%j narrowed to %s is %j', (exportTo, visibility, expected) => {
  expect(narrowed(exportTo, visibility, 'shop')).toEqual(expected);
});
