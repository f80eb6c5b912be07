import type { KubeCluster } from '../../harness/servers/kube-cluster.ts';

export interface KubeWorldSize {
  readonly services: number;
  readonly endpointsPerService: number;
  readonly pods: number;
}

const namespaces = 20;
const nodes = 50;
/** Requests at a time: more make the API server no faster. */
const lanes = 12;

const namespaceOf = (service: number) => `space-${service % namespaces}`;

/** The address of a pod; endpoints beyond the pods have addresses of nobody. */
export function addressOf(index: number): string {
  return `10.${100 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`;
}

/** Services, their EndpointSlices, pods and nodes, written into a real API server. */
export class KubeWorld {
  private readonly cluster: KubeCluster;
  private readonly size: KubeWorldSize;

  constructor(cluster: KubeCluster, size: KubeWorldSize) {
    this.cluster = cluster;
    this.size = size;
  }

  async write(): Promise<void> {
    await this.create(namespaces, (n) => ['/api/v1/namespaces', { metadata: { name: `space-${n}` } }]);
    await this.create(namespaces, (n) => [`/api/v1/namespaces/space-${n}/serviceaccounts`, { metadata: { name: 'default' } }]);
    const labels = (n: number) => ({ 'topology.kubernetes.io/region': 'r1', 'topology.kubernetes.io/zone': `z${n % 3}` });
    await this.create(nodes, (n) => ['/api/v1/nodes', { metadata: { name: `node-${n}`, labels: labels(n) } }]);
    await this.create(this.size.services, (n) => [`/api/v1/namespaces/${namespaceOf(n)}/services`, this.service(n)]);
    await this.create(this.size.pods, (n) => [`/api/v1/namespaces/${this.podNamespace(n)}/pods`, this.pod(n)]);
    await this.each(this.size.pods, (n) => this.setRunning(n));
    await this.create(this.size.services, (n) => [`/apis/discovery.k8s.io/v1/namespaces/${namespaceOf(n)}/endpointslices`, this.slice(n)]);
  }

  /** Replaces one endpoint of a service by an address that is the mark. */
  async mark(service: number, address: string): Promise<void> {
    const path = `/apis/discovery.k8s.io/v1/namespaces/${namespaceOf(service)}/endpointslices/service-${service}-1`;
    const body = { endpoints: [...this.endpoints(service).slice(1), { addresses: [address], conditions: { ready: true } }] };
    await this.cluster.http.json(path, { method: 'PATCH', contentType: 'application/merge-patch+json', body });
  }

  clusterOf(service: number): string {
    return `outbound|80||service-${service}.${namespaceOf(service)}.svc.cluster.local`;
  }

  private podNamespace(pod: number): string {
    return namespaceOf(Math.floor(pod / this.size.endpointsPerService));
  }

  private service(n: number): object {
    return {
      metadata: { name: `service-${n}` },
      spec: { selector: { app: `service-${n}` }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
    };
  }

  private pod(n: number): object {
    const app = `service-${Math.floor(n / this.size.endpointsPerService)}`;
    const env = Array.from({ length: 10 }, (_, i) => ({ name: `VARIABLE_${i}`, value: `a value of some length for ${app} number ${i}` }));
    const ports = [{ name: 'http', containerPort: 8080 }];
    const container = {
      name: 'app',
      image: `registry.example/${app}:1.0.0`,
      ports,
      env,
      readinessProbe: { httpGet: { path: '/', port: 8080 } },
    };
    const labels = { app, version: `v${n % 2}`, 'pod-template-hash': '6d4b75cb6d' };
    return { metadata: { name: `${app}-6d4b75cb6d-${n}`, labels }, spec: { nodeName: `node-${n % nodes}`, containers: [container] } };
  }

  private async setRunning(n: number): Promise<void> {
    const { metadata } = this.pod(n) as { readonly metadata: { readonly name: string } };
    const podIP = addressOf(n);
    const conditions = ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((type) => ({ type, status: 'True' }));
    const body = { status: { phase: 'Running', podIP, podIPs: [{ ip: podIP }], hostIP: '10.1.1.1', conditions } };
    const path = `/api/v1/namespaces/${this.podNamespace(n)}/pods/${metadata.name}/status`;
    await this.cluster.http.json(path, { method: 'PATCH', contentType: 'application/merge-patch+json', body });
  }

  private slice(n: number): object {
    const name = `service-${n}`;
    return {
      metadata: { name: `${name}-1`, labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
      endpoints: this.endpoints(n),
    };
  }

  private endpoints(service: number): readonly object[] {
    return Array.from({ length: this.size.endpointsPerService }, (_, k) => {
      const n = service * this.size.endpointsPerService + k;
      const namespace = namespaceOf(service);
      const targetRef = { kind: 'Pod', namespace, name: `service-${service}-6d4b75cb6d-${n}` };
      const zone = `z${n % 3}`;
      const conditions = { ready: true, serving: true, terminating: false };
      return { addresses: [addressOf(n)], conditions, nodeName: `node-${n % nodes}`, zone, ...(n < this.size.pods ? { targetRef } : {}) };
    });
  }

  private create(count: number, request: (n: number) => readonly [path: string, body: object]): Promise<void> {
    return this.each(count, async (n) => {
      const [path, body] = request(n);
      const { status, body: answer } = await this.cluster.http.call(path, { method: 'POST', body });
      if (status >= 300 && status !== 409) throw new Error(`${path}: ${status} ${JSON.stringify(answer)}`);
    });
  }

  private async each(count: number, run: (n: number) => Promise<void>): Promise<void> {
    let next = 0;
    const lane = async () => {
      for (; next < count; ) await run(next++);
    };
    await Promise.all(Array.from({ length: lanes }, lane));
  }
}
