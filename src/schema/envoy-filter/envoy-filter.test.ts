import { describe, expect, it } from 'vitest';
import { issuesOf } from '../issues-of.ts';

const warning = 'warning spec: depends on internals of the generated Envoy configuration, which may change with any version';
const patch = { operation: 'MERGE', value: { a: [1, { '@type': 'x' }] } };
const ef = (fields: object) => issuesOf('EnvoyFilter', { configPatches: [{ applyTo: 'CLUSTER', patch, ...fields }] });
const filter = (fields: object) => ({ match: { listener: { filterChain: { filter: fields } } } });

describe('EnvoyFilter', () => {
  it('accepts patches, with no more than the general warning', () => {
    expect(ef({})).toEqual([warning]);
    expect(ef({ patch: { operation: 'REMOVE' }, match: { context: 'GATEWAY', cluster: { service: 'a' } } })).toEqual([warning]);
    expect(ef({ match: { context: 'WAYPOINT', waypoint: {} } })).toEqual([warning]);
  });

  it.each([
    [ef({ applyTo: undefined }), 'error spec.configPatches[0].applyTo: is required'],
    [ef({ patch: undefined }), 'error spec.configPatches[0].patch: is required'],
    [ef({ patch: { operation: 'ADD' } }), 'error spec.configPatches[0].patch.value: is required for ADD'],
    [ef({ patch: { value: {} } }), 'error spec.configPatches[0].patch.operation: is required'],
    [ef({ match: { listener: {} } }), 'error spec.configPatches[0].match.listener: does not fit applyTo CLUSTER (use cluster)'],
    [
      ef({ match: { context: 'GATEWAY', waypoint: {} } }),
      'error spec.configPatches[0].match: must have waypoint exactly when context is WAYPOINT',
    ],
    [ef({ applyTo: 'NETWORK_FILTER', ...filter({}) }), 'error spec.configPatches[0].match.listener.filterChain.filter.name: is required'],
    [
      ef({ applyTo: 'NETWORK_FILTER', ...filter({ name: 'a', subFilter: {} }) }),
      'error spec.configPatches[0].match.listener.filterChain.filter.subFilter: is possible with applyTo HTTP_FILTER only',
    ],
    [
      ef({ applyTo: 'HTTP_FILTER', ...filter({ name: 'a', subFilter: { name: 'b' } }) }),
      'error spec.configPatches[0].match.listener.filterChain.filter.subFilter: needs the filter envoy.filters.network.http_connection_manager',
    ],
    [
      ef({ match: { proxy: { proxyVersion: '1.(3' } } }),
      'error spec.configPatches[0].match.proxy.proxyVersion: is no regular expression: missing closing ): `1.(3`',
    ],
    [
      ef({ match: { proxy: { proxyVersion: 'x'.repeat(1025) } } }),
      'warning spec.configPatches[0].match.proxy.proxyVersion: is longer than 1024 characters and ignored',
    ],
  ])('%j', (issues, expected) => {
    expect([...issues].sort()).toEqual([expected, warning].sort());
  });
});
