import { expect, it } from 'vitest';
import type { KubeClient, KubeRequest } from '../kube-client.ts';
import { readServedVersions } from './served-versions.ts';

function clientThat(answers: Readonly<Record<string, unknown>>): KubeClient {
  return {
    server: 'http://test',
    request: async ({ path }: KubeRequest) => answers[path],
    stream: () => Promise.reject(new Error('no stream here')),
  };
}

const groups = new Set(['a.io']);
const { signal } = new AbortController();

it('reads what is served out of one answer', async () => {
  const version = (name: string, ...plurals: readonly string[]) => ({
    version: name,
    resources: plurals.map((resource) => ({ resource })),
  });
  const items = [
    { metadata: { name: 'a.io' }, versions: [version('v1', 'cats', 'dogs'), version('v1beta1', 'cats')] },
    { metadata: { name: 'other.io' }, versions: [version('v1', 'birds')] },
  ];
  expect(await readServedVersions(clientThat({ '/apis': { items } }), groups, signal)).toEqual(
    new Map([
      ['a.io/cats', ['v1', 'v1beta1']],
      ['a.io/dogs', ['v1']],
    ]),
  );
});

it('asks older servers group by group', async () => {
  const client = clientThat({
    '/apis': {
      kind: 'APIGroupList',
      groups: [
        { name: 'a.io', versions: [{ version: 'v1' }] },
        { name: 'b.io', versions: [{ version: 'v1' }] },
      ],
    },
    '/apis/a.io/v1': { resources: [{ name: 'cats' }, { name: 'cats/status' }] },
  });
  expect(await readServedVersions(client, groups, signal)).toEqual(new Map([['a.io/cats', ['v1']]]));
});
