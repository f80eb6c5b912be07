import { expect, test } from 'vitest';
import { type ProxyResources, referenceProblems } from './reference-check.ts';

type Plain = Readonly<Record<string, unknown>>;

function resources(lists: Readonly<Partial<Record<keyof ProxyResources, readonly Plain[]>>>): ProxyResources {
  const byName = (list: readonly Plain[] = []) => new Map(list.map((one) => [String((one['name'] ?? one['cluster_name']) as string), one]));
  return {
    clusters: byName(lists.clusters),
    endpoints: byName(lists.endpoints),
    listeners: byName(lists.listeners),
    routes: byName(lists.routes),
    extensions: byName(lists.extensions),
  };
}

const routeTo = (action: Plain) => ({
  routes: [{ name: '80', virtual_hosts: [{ name: 'a', domains: ['a'], routes: [{ route: action }] }] }],
});

const cases: readonly [string, ProxyResources, readonly string[]][] = [
  ['a route to a missing cluster', resources(routeTo({ cluster: 'gone' })), ['route table 80 names the cluster gone, which is not served']],
  [
    'a weighted route and a mirror',
    resources(routeTo({ weighted_clusters: { clusters: [{ name: 'one' }] }, request_mirror_policies: [{ cluster: 'two' }] })),
    ['route table 80 names the cluster one, which is not served', 'route table 80 names the cluster two, which is not served'],
  ],
  [
    'a TCP proxy to a missing cluster',
    resources({ listeners: [{ name: 'l', filter_chains: [{ filters: [{ typed_config: { cluster: 'gone' } }] }] }] }),
    ['listener l names the cluster gone, which is not served'],
  ],
  ['a cluster without endpoints', resources({ clusters: [{ name: 'c', type: 'EDS' }] }), ['no endpoints for the cluster c']],
  [
    'a route table that is not served',
    resources({ listeners: [{ name: 'l', filter_chains: [{ filters: [{ typed_config: { rds: { route_config_name: '80' } } }] }] }] }),
    ['no route table 80'],
  ],
  [
    'two filter chains for the same',
    resources({
      listeners: [
        { name: 'l', filter_chains: [{ filter_chain_match: { destination_port: 1 } }, { filter_chain_match: { destination_port: 1 } }] },
      ],
    }),
    ['listener l has two filter chains for {"destination_port":1}'],
  ],
  [
    'two listeners on one address',
    resources({
      listeners: [
        { name: 'a', address: { port: 1 } },
        { name: 'b', address: { port: 1 } },
      ],
    }),
    ['two listeners on {"port":1}'],
  ],
  [
    'one domain in two virtual hosts',
    resources({
      routes: [
        {
          name: '80',
          virtual_hosts: [
            { name: 'a', domains: ['X'] },
            { name: 'b', domains: ['x'] },
          ],
        },
      ],
    }),
    ['route table 80 has the domain x twice'],
  ],
];

test.each(cases)('finds %s', (_, given, problems) => {
  expect(referenceProblems(given)).toEqual(problems);
});

test('lets pass what is missing on purpose, and what fits together', () => {
  expect(referenceProblems(resources(routeTo({ cluster: 'gone' })), new Set(['gone']))).toEqual([]);
  const whole = resources({ ...routeTo({ cluster: 'c' }), clusters: [{ name: 'c', type: 'EDS' }], endpoints: [{ cluster_name: 'c' }] });
  expect(referenceProblems(whole)).toEqual([]);
});
