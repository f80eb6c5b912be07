import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { resolveInstallation } from './installation.ts';
import type { KubeObject } from './kube-object.ts';
import { buildManifest } from './manifest.ts';
import { readSettings } from './values/read-settings.ts';

function install(...set: string[]) {
  const { crds, objects } = buildManifest(resolveInstallation(readSettings({ files: [], set })));
  const find = (kind: string, name: string) => objects.find((object) => object.kind === kind && object.metadata.name === name);
  return { crds, names: objects.map((object) => `${object.kind}/${object.metadata.name}`), find };
}

function mesh(object: KubeObject | undefined): unknown {
  const { mesh: document } = (object?.['data'] ?? {}) as { readonly mesh: string };
  return parse(document);
}

describe('profiles', () => {
  it('default: a control plane that scales, and an ingress gateway', () => {
    const { crds, names } = install();
    expect(crds.length).toBeGreaterThan(10);
    expect(names).toEqual(
      expect.arrayContaining([
        'Deployment/istiod',
        'HorizontalPodAutoscaler/istiod',
        'PodDisruptionBudget/istiod',
        'Deployment/istio-ingressgateway',
      ]),
    );
    expect(names).not.toContain('Deployment/istio-egressgateway');
  });

  it('demo: two replicas that stay two, both gateways, access logs', () => {
    const { names, find } = install('profile=demo');
    expect(names).toContain('Deployment/istio-egressgateway');
    expect(names.filter((name) => name.startsWith('HorizontalPodAutoscaler'))).toEqual([]);
    expect(find('Deployment', 'istiod')).toMatchObject({ spec: { replicas: 2 } });
    expect(mesh(find('ConfigMap', 'istio'))).toMatchObject({ accessLogFile: '/dev/stdout' });
  });

  it('minimal: no gateway; empty: nothing', () => {
    expect(install('profile=minimal').names.filter((name) => name.includes('gateway'))).toEqual([]);
    expect(install('profile=empty')).toMatchObject({ crds: [], names: [] });
  });

  it('preview: captures DNS', () => {
    const { find } = install('profile=preview');
    expect(mesh(find('ConfigMap', 'istio'))).toMatchObject({ defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'true' } } });
  });

  it('remote: where the other control plane is, and no control plane', () => {
    const { names, find } = install('profile=remote', 'values.global.remotePilotAddress=10.1.2.3');
    expect(names.filter((name) => name.startsWith('Deployment'))).toEqual([]);
    expect(find('EndpointSlice', 'istiod')).toMatchObject({ endpoints: [{ addresses: ['10.1.2.3'] }] });
    expect(() => install('profile=remote')).toThrow('values.global.remotePilotAddress: must be the IPv4 address');
  });
});

describe('values', () => {
  it('reach the objects', () => {
    const { find } = install('values.pilot.autoscaleMin=3', 'values.pilot.env.PILOT_HTTP10=true', 'hub=mine', 'tag=7');
    expect(find('HorizontalPodAutoscaler', 'istiod')).toMatchObject({ spec: { minReplicas: 3 } });
    expect(find('Deployment', 'istiod')).toMatchObject({
      spec: {
        template: {
          spec: { containers: [{ image: 'mine/pilot:7', env: expect.arrayContaining([{ name: 'PILOT_HTTP10', value: 'true' }]) }] },
        },
      },
    });
  });

  it('of an IstioOperator mean the same as those of the charts', () => {
    const k8s = 'components.ingressGateways[0].k8s';
    const operator = install(`${k8s}.hpaSpec.minReplicas=2`, `${k8s}.service.type=NodePort`);
    const gateways = 'values.gateways.istio-ingressgateway';
    const charts = install(`${gateways}.autoscaleMin=2`, `${gateways}.type=NodePort`);
    const kinds = ['HorizontalPodAutoscaler', 'Service'] as const;
    for (const kind of kinds) expect(operator.find(kind, 'istio-ingressgateway')).toEqual(charts.find(kind, 'istio-ingressgateway'));
    expect(charts.find('Service', 'istio-ingressgateway')).toMatchObject({ spec: { type: 'NodePort' } });
  });

  it('name a revision in every name that revisions must not share', () => {
    const { names, find } = install('revision=canary', 'profile=minimal');
    expect(names).toEqual([
      'ServiceAccount/istio-reader-service-account',
      'ServiceAccount/istiod-canary',
      'ClusterRole/istiod-clusterrole-canary-istio-system',
      'ClusterRoleBinding/istiod-clusterrole-canary-istio-system',
      'Role/istiod-canary',
      'RoleBinding/istiod-canary',
      'ClusterRole/istio-reader-clusterrole-canary-istio-system',
      'ClusterRoleBinding/istio-reader-clusterrole-canary-istio-system',
      'ConfigMap/istio-canary',
      'Service/istiod-canary',
      'Deployment/istiod-canary',
      'HorizontalPodAutoscaler/istiod-canary',
      'PodDisruptionBudget/istiod-canary',
      'ValidatingWebhookConfiguration/istio-validator-canary-istio-system',
    ]);
    expect(find('Deployment', 'istiod-canary')).toMatchObject({ spec: { selector: { matchLabels: { 'istio.io/rev': 'canary' } } } });
    expect(install('revision=default').names).toEqual(install().names);
  });

  it('say in which network the cluster is', () => {
    const set = ['values.global.network=west', 'values.global.meshID=mesh1'];
    const { namespaces } = buildManifest(resolveInstallation(readSettings({ files: [], set })));
    expect(namespaces).toMatchObject([{ metadata: { name: 'istio-system', labels: { 'topology.istio.io/network': 'west' } } }]);
    expect(mesh(install(...set).find('ConfigMap', 'istio'))).toMatchObject({ defaultConfig: { meshId: 'mesh1' } });
  });

  it('add gateways by name', () => {
    const { find } = install('components.ingressGateways[1].name=second', 'components.ingressGateways[1].label.istio=second');
    expect(find('Deployment', 'second')).toMatchObject({
      spec: { selector: { matchLabels: { app: 'istio-ingressgateway', istio: 'second' } } },
    });
  });
});
