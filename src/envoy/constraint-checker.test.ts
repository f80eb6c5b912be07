import { describe, expect, it } from 'vitest';
import { goldenCases } from '../../test/harness/golden-case.ts';
import { TextMesh } from '../../test/harness/text-mesh.ts';
import { loadProtos } from './protos.ts';

const protos = loadProtos();
const fault = (type: string, message: object) => {
  const found = protos.constraintFault(`envoy.${type}`, message as Record<string, unknown>);
  return found && `${found.path.join('.')} ${found.message}`;
};
const host = 'config.route.v3.VirtualHost';
const cluster = 'config.cluster.v3.Cluster';
const match = { prefix: '/' };

describe('constraints of the .proto files', () => {
  it.each([
    [host, { domains: ['*'] }, 'name is required'],
    [host, { name: 'a' }, 'domains is required'],
    [host, { name: 'a', domains: ['a\nb'] }, 'domains.0 must be a value of a header'],
    [
      host,
      { name: 'a', domains: ['*'], routes: [{ match }] },
      'routes.0 needs one of route, redirect, direct_response, filter_action, non_forwarding_action',
    ],
    [host, { name: 'a', domains: ['*'], routes: [{ match: {}, redirect: {} }] }, /^routes\.0\.match needs one of prefix, path/],
    [
      host,
      { name: 'a', domains: ['*'], routes: [{ match, direct_response: { status: 100 } }] },
      'routes.0.direct_response.status must be at least 200',
    ],
    [host, { name: 'a', domains: ['*'], routes: [{ match, direct_response: { status: 200 } }] }, undefined],
    [cluster, { name: 'a', connect_timeout: {} }, 'connect_timeout must be more than 0s'],
    [cluster, { name: 'a', connect_timeout: { nanos: 1 } }, undefined],
    [cluster, { name: 'a', dns_refresh_rate: { nanos: 5 } }, 'dns_refresh_rate must be more than 0.001s'],
    [cluster, { name: 'a', dns_jitter: { seconds: '-1' } }, 'dns_jitter must be at least 0s'],
    [cluster, { name: 'a', dns_jitter: {} }, undefined],
    [
      cluster,
      { name: 'a', outlier_detection: { max_ejection_percent: { value: 101 } } },
      'outlier_detection.max_ejection_percent must be at most 100',
    ],
    [cluster, { name: 'a', outlier_detection: { max_ejection_percent: {} } }, undefined],
    [
      'config.listener.v3.Filter',
      { name: 'f', typed_config: { '@type': 'type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy', cluster: 'c' } },
      'typed_config.stat_prefix is required',
    ],
  ])('%s %j: %s', (type, message, expected) => {
    const found = fault(type, message);
    if (expected instanceof RegExp) expect(found).toMatch(expected);
    else expect(found).toBe(expected);
  });

  it('are kept by everything that we make ourselves', async () => {
    const faults = new Set<string>();
    for (const one of goldenCases()) {
      const mesh = await TextMesh.create({ config: one.config, meshConfig: one.meshConfig });
      const views = mesh.connect(one.proxy);
      const { clusters, listeners, routes } = mesh.allResources(views);
      for (const [type, resources] of [
        [cluster, clusters],
        ['config.listener.v3.Listener', listeners],
        ['config.route.v3.RouteConfiguration', routes],
      ] as const) {
        for (const [name, resource] of resources) {
          const found = fault(type, resource);
          if (found !== undefined) faults.add(`${one.name} ${name}: ${found}`);
        }
      }
      views.close();
    }
    expect([...faults]).toEqual([]);
  });
});
