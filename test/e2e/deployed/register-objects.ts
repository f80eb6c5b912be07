/** Of everything below. With it, and Consul's domain `svc.cluster.local`, both registries know `register` under one host. */
export const namespace = 'service';
export const registerPort = 12312;
export const host = `register.${namespace}.svc.cluster.local`;

/** The application: two versions of `register` behind one Service. */
export function registerApplication(): readonly object[] {
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'register', namespace },
    spec: { selector: { app: 'register' }, ports: [{ name: 'http', port: registerPort }] },
  };
  return [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, service, ...['v1', 'v2'].map(deploymentOf)];
}

function deploymentOf(version: string): object {
  const labels = { app: 'register', version };
  const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
  const container = {
    name: 'register',
    image: `example.com/register:${version}`,
    args: ['-address=$(POD_IP)', '-id=$(POD_NAME)', `-version=${version}`],
    env: [field('POD_IP', 'status.podIP'), field('POD_NAME', 'metadata.name')],
    ports: [{ name: 'http', containerPort: registerPort }],
    readinessProbe: { httpGet: { path: '/health', port: 'http' } },
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: `register-${version}`, namespace },
    spec: { replicas: 2, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [container] } } },
  };
}

const istio = (kind: string, name: string, spec: object) => ({
  apiVersion: 'networking.istio.io/v1',
  kind,
  metadata: { name, namespace },
  spec,
});

/** The gateway's server, and the subsets that routes choose from. */
export function registerMesh(): readonly object[] {
  const servers = [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['register.example.com'] }];
  const byVersion = ['v1', 'v2'].map((version) => ({ name: version, labels: { version, ...from('Kubernetes') } }));
  return [
    istio('Gateway', 'register', { selector: { istio: 'ingressgateway' }, servers }),
    istio('DestinationRule', 'register', { host, subsets: [...byVersion, { name: 'vm', labels: from('Consul') }] }),
  ];
}

function from(provider: string): object {
  return { 'registry.mesh/provider': provider };
}

/** Which subset gets how many of a hundred requests. */
export function registerRoute(weights: Readonly<Record<string, number>>): object {
  const route = Object.entries(weights).map(([subset, weight]) => ({
    destination: { host, subset, port: { number: registerPort } },
    weight,
  }));
  return istio('VirtualService', 'register', { hosts: ['register.example.com'], gateways: ['register'], http: [{ route }] });
}
