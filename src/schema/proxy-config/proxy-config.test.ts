import { expect, it } from 'vitest';
import { issuesOf } from '../issues-of.ts';

it('checks a ProxyConfig', () => {
  expect(issuesOf('ProxyConfig', { concurrency: 0, environmentVariables: { A: 'b' }, image: { imageType: 'debug' } })).toEqual([]);
  expect(issuesOf('ProxyConfig', { concurrency: -1 })).toEqual(['error spec.concurrency: must be at least 0, not -1']);
  expect(issuesOf('ProxyConfig', { selector: { matchLabels: { a: 'b*' } } })).toEqual([
    'error spec.selector.matchLabels.a: must not have a wildcard',
  ]);
});
