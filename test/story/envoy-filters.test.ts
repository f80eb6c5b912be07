import { Registry } from 'prom-client';
import { beforeEach, describe, expect, it } from 'vitest';
import { addPatchMetrics } from '../../src/admin/metrics/patch-metrics.ts';
import { type TypeUrlName, typeUrls } from '../../src/envoy/type-urls.ts';
import { formatIssue } from '../../src/model/issue.ts';
import type { ProxyViews } from '../../src/xds/views/proxy-views.ts';
import { TextMesh } from '../harness/text-mesh.ts';

const world = ['a', 'b']
  .map(
    (name, index) => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: ${name}, namespace: shop }
spec:
  hosts: [${name}.com]
  addresses: [10.5.0.${index + 1}]
  resolution: STATIC
  ports: [{ number: 80, name: http, protocol: HTTP }, { number: 9000, name: tcp, protocol: TCP }]
  endpoints: [{ address: 10.1.0.${index + 1} }]
`,
  )
  .join('---');

const filter = (name: string, patches: readonly object[], spec: object = {}) =>
  JSON.stringify({
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: { name, namespace: 'shop' },
    spec: { ...spec, configPatches: patches },
  });
const timeout = (value: string, cluster: object = {}) => ({
  applyTo: 'CLUSTER',
  match: { context: 'SIDECAR_OUTBOUND', cluster },
  patch: { operation: 'MERGE', value: { connect_timeout: value } },
});
const ofWeb = { workloadSelector: { labels: { app: 'web' } } };

const sidecar = (name: string, app: string, last: number) => ({
  nodeId: `sidecar~10.2.0.${last}~${name}.shop~shop.svc.cluster.local`,
  metadata: { NAMESPACE: 'shop', LABELS: { app } },
});
const cell = (views: ProxyViews, type: TypeUrlName) => views.view(typeUrls[type])?.cell;

describe('EnvoyFilters', () => {
  let mesh: TextMesh;
  let web: ProxyViews;
  let twin: ProxyViews;
  let db: ProxyViews;

  beforeEach(async () => {
    mesh = await TextMesh.create({ config: [world] });
    web = mesh.connect(sidecar('web', 'web', 1));
    twin = mesh.connect(sidecar('twin', 'web', 2));
    db = mesh.connect(sidecar('db', 'db', 3));
    for (const views of [web, twin, db]) mesh.allResources(views);
  });

  const one = (views: ProxyViews, type: TypeUrlName, name: string) => views.view(typeUrls[type])?.get(name);
  const bytes = (views: ProxyViews, type: TypeUrlName) =>
    new Map([...(views.view(typeUrls[type])?.all() ?? [])].map(([name, { version }]) => [name, version]));

  it('change nothing for workloads that they do not select, and nothing of another type', () => {
    const before = { db: cell(db, 'CDS'), listeners: cell(web, 'LDS'), routes: cell(web, 'RDS') };
    mesh.texts.apply(filter('slow', [timeout('9s')], ofWeb));
    expect(one(web, 'CDS', 'outbound|80||a.com')?.patchedBy).toMatchObject([{ namespace: 'shop', name: 'slow', index: 0 }]);
    expect(one(db, 'CDS', 'outbound|80||a.com')?.patchedBy).toBeUndefined();
    expect({ db: cell(db, 'CDS'), listeners: cell(web, 'LDS'), routes: cell(web, 'RDS') }).toEqual(before);
    expect(db.scopes().patches).toBeUndefined();
  });

  it('share what they do not touch with everybody, and what they made among those that they select', () => {
    mesh.texts.apply(filter('slow', [timeout('9s', { service: 'a.com' })], ofWeb));
    expect(one(web, 'CDS', 'outbound|80||b.com')).toBe(one(db, 'CDS', 'outbound|80||b.com'));
    expect(one(web, 'CDS', 'outbound|80||a.com')).not.toBe(one(db, 'CDS', 'outbound|80||a.com'));
    expect(one(web, 'CDS', 'outbound|80||a.com')).toBe(one(twin, 'CDS', 'outbound|80||a.com'));
  });

  it('leave the very bytes behind when they go', () => {
    const before = bytes(web, 'CDS');
    mesh.texts.apply(filter('slow', [timeout('9s')]));
    expect(bytes(web, 'CDS')).not.toEqual(before);
    mesh.texts.remove({ kind: 'EnvoyFilter', namespace: 'shop', name: 'slow' });
    expect(bytes(web, 'CDS')).toEqual(before);
  });

  it('are worked out again for what has changed alone', () => {
    mesh.texts.apply(filter('slow', [timeout('9s')]));
    mesh.allResources(web);
    const revision = mesh.plane.engine.revision;
    mesh.texts.apply((world.split('---')[0] ?? '').replace('10.1.0.1', '10.1.0.9').replace('resolution: STATIC', 'resolution: DNS'));
    expect([...(web.view(typeUrls.CDS)?.changedSince(revision) ?? [])].sort()).toEqual(['outbound|80||a.com', 'outbound|9000||a.com']);
  });

  it('add extension configurations that filters ask for by name', () => {
    const typed_config = { '@type': 'type.googleapis.com/envoy.extensions.filters.http.cors.v3.Cors' };
    const value = { name: 'shared', typed_config };
    mesh.texts.apply(
      filter('ext', [{ applyTo: 'EXTENSION_CONFIG', match: { context: 'GATEWAY' }, patch: { operation: 'ADD', value } }], ofWeb),
    );
    expect(mesh.resources(web, 'ECDS').get('shared')).toEqual({ '@type': typeUrls.ECDS, ...value });
    expect(mesh.resources(db, 'ECDS').size).toBe(0);
  });

  it('say what became of them: issues that go with their cause, and metrics', async () => {
    const registry = new Registry();
    addPatchMetrics(registry, mesh.plane.patching);
    const twice = { name: 'twice', domains: ['*'], routes: [{ match: { prefix: '/' }, direct_response: { status: 200 } }] };
    const broken = [
      timeout('9s'),
      timeout('soon'),
      { applyTo: 'VIRTUAL_HOST', match: { context: 'SIDECAR_OUTBOUND' }, patch: { operation: 'ADD', value: twice } },
    ];
    mesh.texts.apply(filter('mixed', [...broken, timeout('1s', { service: 'nobody.com' })]));
    for (const views of [web, db]) mesh.allResources(views);
    await Promise.resolve();
    const errors = () =>
      mesh.plane.issues
        .get()
        .filter(({ severity }) => severity === 'error')
        .map(formatIssue);
    expect(errors()).toEqual([
      'error CXS0006 EnvoyFilter/shop/mixed spec.configPatches[1].patch.value.connect_timeout: must be a duration such as 1.5s (the patch is not applied; all others are)',
      'error CXS0006 EnvoyFilter/shop/mixed spec.configPatches[2]: is not applied to 80: two virtual hosts are for the domain *',
    ]);
    expect(
      (await registry.metrics())
        .split('\n')
        .filter((line) => line.startsWith('pilot_envoy_filter_status{'))
        .sort(),
    ).toEqual([
      'pilot_envoy_filter_status{name="shop/mixed",patch="",result="error"} 1',
      'pilot_envoy_filter_status{name="shop/mixed",patch="cluster",result="applied"} 1',
      'pilot_envoy_filter_status{name="shop/mixed",patch="vhost",result="applied"} 0',
      'pilot_envoy_filter_status{name="shop/mixed",patch="vhost",result="error"} 1',
    ]);
    mesh.texts.apply(filter('mixed', [timeout('9s')]));
    for (const views of [web, db]) mesh.allResources(views);
    expect(errors()).toEqual([]);
  });
});
