/** A rule of Istio that surprises people, and what shows that it holds here. */
export interface Gotcha {
  readonly number: number;
  readonly about: string;
  /** Files whose tests bear the number in their names, or a test elsewhere as `file: title`; empty where it is not there yet. */
  readonly shownBy: readonly string[];
  /** Why nothing shows it. */
  readonly waitsFor?: string;
}

const listeners = 'test/gotchas/listeners.test.ts';
const services = 'test/gotchas/services.test.ts';
const routing = 'test/gotchas/routing.test.ts';
const policies = 'test/gotchas/policies.test.ts';

/** All forty, by number. */
export const gotchas: readonly Gotcha[] = [
  { number: 1, about: 'names of inbound clusters', shownBy: [listeners] },
  { number: 2, about: 'protocols of ports', shownBy: [listeners] },
  { number: 3, about: 'passthrough on 15006', shownBy: [listeners] },
  { number: 4, about: 'PERMISSIVE and TLS', shownBy: [listeners] },
  { number: 5, about: 'inspectors', shownBy: [listeners] },
  { number: 6, about: 'ingress of a Sidecar', shownBy: [listeners] },
  { number: 7, about: 'where outbound listeners bind', shownBy: [listeners] },
  { number: 8, about: 'conflicts on a port', shownBy: [listeners] },
  { number: 9, about: 'headless services', shownBy: [services] },
  { number: 10, about: 'ExternalName', shownBy: [services] },
  { number: 11, about: 'domains', shownBy: [services] },
  { number: 12, about: 'tables of sniffed listeners', shownBy: [services] },
  { number: 13, about: 'unknown hosts', shownBy: [routing] },
  { number: 14, about: 'precedence of VirtualServices', shownBy: [routing] },
  { number: 15, about: 'what matches mean', shownBy: [routing] },
  { number: 16, about: 'delegates', shownBy: [routing] },
  { number: 17, about: 'ports and weights of destinations', shownBy: [routing] },
  { number: 18, about: 'retries and timeouts', shownBy: [routing, 'src/xds/routes/default-route.test.ts: has no timeout of any kind'] },
  { number: 19, about: 'where DestinationRules are looked for', shownBy: [policies] },
  { number: 20, about: 'merging of DestinationRules', shownBy: [services] },
  { number: 21, about: 'subsets and ports', shownBy: [policies] },
  { number: 22, about: 'mutual TLS without a rule', shownBy: [policies] },
  { number: 23, about: 'PeerAuthentication', shownBy: [policies] },
  { number: 24, about: 'RequestAuthentication', shownBy: [], waitsFor: 'RequestAuthentication' },
  { number: 25, about: 'AuthorizationPolicy', shownBy: [], waitsFor: 'AuthorizationPolicy' },
  { number: 26, about: 'exportTo', shownBy: [services] },
  { number: 27, about: 'one hostname twice', shownBy: [services] },
  { number: 28, about: 'egress of a Sidecar', shownBy: [services] },
  { number: 29, about: 'resolutions of ServiceEntries', shownBy: [services] },
  { number: 30, about: 'endpoints', shownBy: [services] },
  { number: 31, about: 'failover by locality', shownBy: [services] },
  { number: 32, about: 'several networks', shownBy: [services] },
  { number: 33, about: 'ports of gateways', shownBy: [routing] },
  { number: 34, about: 'gateways without routes', shownBy: [routing] },
  { number: 35, about: 'gateways of a VirtualService', shownBy: [routing] },
  {
    number: 36,
    about: 'order of EnvoyFilters',
    shownBy: ['src/mesh/patches/choose-patches.test.ts: are in the order of priority, root namespace, age and name'],
  },
  {
    number: 37,
    about: 'the state of the world, and endpoints',
    shownBy: [
      'test/protocol/sotw-requests.test.ts: X07 is silent after a NACK',
      'test/protocol/sotw-requests.test.ts: X09 does not answer a stale nonce',
      'test/protocol/sotw-requests.test.ts: X12 answers a reconnecting client',
    ],
  },
  { number: 38, about: 'labels of a proxy', shownBy: [services] },
  { number: 39, about: 'empty resources', shownBy: [routing, services, 'src/xds/dns/name-entries.test.ts: names of headless services'] },
  { number: 40, about: 'precedence in injection', shownBy: [], waitsFor: 'the injection of sidecars' },
];
