import { describe, expect, it } from 'vitest';
import { patchedWith } from '../../../test/harness/patched-with.ts';
import type { Cluster } from '../../envoy/generated/envoy/config/cluster/v3/Cluster.ts';
import { patchCluster } from './patch-cluster.ts';
import { addedValues } from './patch-listener.ts';

const any = (type: string, fields: object = {}) => ({
  '@type': `type.googleapis.com/envoy.extensions.transport_sockets.${type}`,
  ...fields,
});
const tls = (fields: object) => ({ name: 'tls', typed_config: any('tls.v3.UpstreamTlsContext', fields) });
const raw = { name: 'raw', typed_config: any('raw_buffer.v3.RawBuffer') };

const cluster = { name: 'outbound|80|v1|a.shop', connect_timeout: { seconds: '10' }, lb_policy: 'LEAST_REQUEST' } as Cluster;

function patch(patches: readonly object[], of: object = cluster, hosts: readonly string[] = []) {
  return patchedWith<Cluster>(patches, (run) => patchCluster(of as Cluster, hosts, run));
}

function merged(value: object, of: object): Cluster | undefined {
  return patch([{ applyTo: 'CLUSTER', patch: { operation: 'MERGE', value } }], of).value;
}

describe('CLUSTER', () => {
  it.each([
    [{}, true],
    [{ name: 'outbound|80|v1|a.shop' }, true],
    [{ name: 'outbound|80||a.shop', service: 'a.shop' }, false],
    [{ service: 'a.shop' }, true],
    [{ service: 'b.shop' }, false],
    [{ subset: 'v1', portNumber: 80 }, true],
    [{ subset: 'v2' }, false],
    [{ portNumber: 81 }, false],
  ])('is removed by %j: %s', (match, isRemoved) => {
    expect(patch([{ applyTo: 'CLUSTER', match: { cluster: match }, patch: { operation: 'REMOVE' } }]).value === undefined).toBe(isRemoved);
  });

  it('inbound is matched by the services behind it, and behind SNI by the parts of its name', () => {
    const remove = (match: object, name: string, hosts: readonly string[]) =>
      patch([{ applyTo: 'CLUSTER', match: { cluster: match }, patch: { operation: 'REMOVE' } }], { name }, hosts).value === undefined;
    expect(remove({ service: 'a.shop', portNumber: 8080 }, 'inbound|8080||', ['b.shop', 'a.shop'])).toBe(true);
    expect(remove({ service: 'c.shop' }, 'inbound|8080||', ['b.shop', 'a.shop'])).toBe(false);
    expect(remove({ service: 'a.shop', portNumber: 80 }, 'outbound_.80_._.a.shop', [])).toBe(true);
    expect(remove({ service: 'a.shop' }, 'BlackHoleCluster', [])).toBe(false);
  });

  it('is merged: durations replaced, enums set, a wrapper that says false leaves one that says true', () => {
    const options = {
      name: 'c',
      connect_timeout: { seconds: '1', nanos: 5 },
      respect_dns_ttl: true,
      track_cluster_stats: { timeout_budgets: true },
    };
    expect(merged({ connect_timeout: '3s', lb_policy: 2, respect_dns_ttl: false }, options)).toMatchObject({
      connect_timeout: { seconds: '3' },
      lb_policy: 'RING_HASH',
      respect_dns_ttl: true,
    });
    const wrapped = { name: 'c', common_lb_config: { zone_aware_lb_config: { min_cluster_size: { value: '6' } } } };
    expect(merged({ common_lb_config: { zone_aware_lb_config: { min_cluster_size: 0 } } }, wrapped)).toEqual(wrapped);
  });

  it('gets a transport socket, merged inside where it has the name, in place of another where not, and nothing beside', () => {
    const patchValue = { connect_timeout: '1s', transport_socket: tls({ sni: 'new' }) };
    const inside = merged(patchValue, { ...cluster, transport_socket: tls({ sni: 'old', allow_renegotiation: true }) });
    expect(inside).toEqual({ ...cluster, transport_socket: tls({ sni: 'new', allow_renegotiation: true }) });
    expect(merged(patchValue, { ...cluster, transport_socket: raw })).toEqual({ ...cluster, transport_socket: tls({ sni: 'new' }) });
    expect(merged(patchValue, cluster)).toEqual({ ...cluster, transport_socket: tls({ sni: 'new' }) });
  });

  it('with auto mTLS has the socket of that name merged among its matches, and never one beside them', () => {
    const matches = [
      { name: 'mtls', transport_socket: tls({ sni: 'old' }) },
      { name: 'plain', transport_socket: raw },
    ];
    const of = { ...cluster, transport_socket_matches: matches };
    expect(merged({ transport_socket: tls({ sni: 'new' }) }, of)?.transport_socket_matches).toEqual([
      { name: 'mtls', transport_socket: tls({ sni: 'new' }) },
      matches[1],
    ]);
    expect(merged({ transport_socket: { ...raw, name: 'other' } }, of)).toEqual(of);
  });

  it('is added for any context outbound and to gateways', () => {
    const add = [{ applyTo: 'CLUSTER', patch: { operation: 'INSERT_FIRST', value: { name: 'new' } } }];
    const added = (context: 'SIDECAR_INBOUND' | 'GATEWAY') => patchedWith(add, (run) => addedValues(run, 'CLUSTER'), { context }).value;
    expect([added('GATEWAY'), added('SIDECAR_INBOUND')]).toEqual([[{ name: 'new' }], []]);
  });
});
