import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { envoyState, refusals } from '../harness/envoy-dump.ts';
import { goldenCases } from '../harness/golden-case.ts';
import { type RealEnvoy, startProxyWithSds } from '../harness/real-envoy.ts';
import { startSdsServer } from '../harness/sds-server.ts';
import { SwitchableSource } from '../harness/switchable-source.ts';
import { TextMesh } from '../harness/text-mesh.ts';
import { serveXds, type TestDiscovery } from '../harness/text-mesh-server.ts';

const roles = ['sidecar', 'router'] as const;
const address = '127.0.1.30';

/**
 * P1: real Envoy 1.40 accepts everything. One Envoy of each role lives through all golden cases, over either variant of ADS:
 * nothing is refused, and every listener and cluster becomes active.
 */
describe.each(['delta', 'sotw'] as const)('a real Envoy takes every golden case (%s)', (xdsProtocol) => {
  const end = new AbortController();
  const envoys = new Map<string, RealEnvoy>();
  let mesh: TextMesh;
  let source: SwitchableSource;
  let discovery: TestDiscovery;

  beforeAll(async () => {
    mesh = await TextMesh.create({ config: [] });
    source = new SwitchableSource(mesh);
    const sdsPort = await startSdsServer(mesh.protos, end.signal);
    discovery = await serveXds(source, mesh.protos);
    for (const type of roles) {
      source.become({ nodeId: `${type}~${address}~test.default~default.svc.cluster.local` });
      const options = { name: 'test', namespace: 'default', address, type, xdsProtocol, xdsAddress: discovery.address };
      envoys.set(type, await startProxyWithSds(mesh.protos, options, sdsPort));
    }
  });

  afterAll(async () => {
    await Promise.all([...envoys.values()].map((envoy) => envoy.stop()));
    await discovery.stop();
    end.abort();
  });

  test('it is served none of the filters that only istio-proxy has', () => {
    const sidecar = source.become({ nodeId: `sidecar~${address}~test.default~default.svc.cluster.local` });
    expect(sidecar?.scopes().outbound.features.istioExtensions).toBe(false);
    const listeners = sidecar === undefined ? [] : [...mesh.allResources(sidecar).listeners.values()];
    expect(listeners.length).toBeGreaterThan(0);
    expect(JSON.stringify(listeners)).not.toMatch(/"(istio\.alpn|istio\.stats|istio\.metadata_exchange)"/);
  });

  test('nothing at all is refused to begin with', async () => {
    await discovery.settled();
    expect(discovery.nacks).toEqual([]);
    expect(await Promise.all([...envoys.values()].map(({ admin }) => refusals(admin)))).toEqual([[], []]);
  });

  test.each(goldenCases().map((one) => [one.name, one] as const))('%s', async (_, one) => {
    const envoy = envoys.get(one.proxy.nodeId.split('~')[0] ?? '');
    if (envoy === undefined) throw new Error(`no Envoy for ${one.proxy.nodeId}`);
    discovery.nacks.length = 0;
    const refusedBefore = await refusals(envoy.admin);
    const here = Object.keys(one.env).length === 0 ? mesh : await TextMesh.create({ config: [], env: one.env });
    here.texts.replaceAll(one.config, one.meshConfig);
    await here.becomeClusters(one.clusters);
    source.moveTo(here);
    const views = source.become(one.proxy);
    if (views === undefined) throw new Error('the Envoy is not connected');
    await discovery.settled();
    expect(discovery.nacks).toEqual([]);

    const { clusters, listeners, routes } = here.allResources(views);
    const asked = new Set([...listeners.values()].flatMap((listener) => routeTableNames(listener)));
    await vi.waitFor(
      async () => {
        expect(await envoyState(envoy.admin)).toEqual({
          activeListeners: [...listeners.keys()].sort(),
          activeClusters: [...clusters.keys()].sort(),
          // Those of listeners that drain may still be there.
          routeTables: expect.arrayContaining([...routes.keys()].filter((name) => asked.has(name))),
          warmingListeners: [],
          warmingClusters: [],
          failedListeners: [],
        });
      },
      // Envoy gives a server of secrets that is not there 15 seconds.
      { timeout: 40_000, interval: 20 },
    );
    expect(await refusals(envoy.admin)).toEqual(refusedBefore);
  });

  test('it knew every field', async () => {
    const counted = await Promise.all([...envoys.values()].map(({ admin }) => admin.stats('^server.dynamic_unknown_fields$')));
    expect(counted.map((counters) => [...counters.values()])).toEqual([[0], [0]]);
  });
});

function routeTableNames(listener: object): readonly string[] {
  return [...JSON.stringify(listener).matchAll(/"route_config_name":"([^"]*)"/g)].map(([, name]) => name ?? '');
}
