/** Where the sample `register` is applied. */
export const namespace = 'default';
export const host = 'register.default.svc.cluster.local';

const port = 12312;

const istio = (kind: string, name: string, spec: object) => ({
  apiVersion: 'networking.istio.io/v1',
  kind,
  metadata: { name, namespace },
  spec,
});

/** A Consul beside the cluster, whose service of the same name joins the sample's. */
export function consulRegistry(address: string): object {
  const joins = { host: 'register.service.consul', namespace: 'consul' };
  return {
    apiVersion: 'coxswain.io/v1alpha1',
    kind: 'MeshRegistries',
    metadata: { name: 'mesh' },
    spec: { registries: [{ consul: { address } }], merge: [{ host, namespace, with: [joins] }] },
  };
}

/** The sample's DestinationRule, and a subset of what was registered in Consul. */
export function registerSubsets(): object {
  const byVersion = ['v1', 'v2'].map((version) => ({ name: version, labels: { version } }));
  const byRegistry = { name: 'vm', labels: { 'registry.mesh/provider': 'Consul' } };
  return istio('DestinationRule', 'register', { host: 'register', subsets: [...byVersion, byRegistry] });
}

/** The sample's VirtualService with other weights: how many of a hundred requests each subset gets. */
export function registerRoute(weights: Readonly<Record<string, number>>): object {
  const route = Object.entries(weights).map(([subset, weight]) => ({
    destination: { host: 'register', subset, port: { number: port } },
    weight,
  }));
  return istio('VirtualService', 'register', { hosts: ['*'], gateways: ['register'], http: [{ route }] });
}

/** What its definition lets pass, and only the webhook refuses: a route that leads nowhere. */
export function routeToNowhere(): object {
  return istio('VirtualService', 'nowhere', { hosts: ['nowhere.example.com'], http: [{ match: [{ uri: { prefix: '/' } }] }] });
}
