import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A directory of ServiceEntries and VirtualServices, and of what is changed in it while proxies look on. */
export class ServiceWorld {
  readonly services: number;
  readonly directory: string;
  private readonly endpoints: number;

  constructor(options: { readonly directory: string; readonly services: number; readonly endpoints: number }) {
    this.directory = options.directory;
    this.services = options.services;
    this.endpoints = options.endpoints;
  }

  /** Clusters that every sidecar gets at least: one for each port of each service. */
  get clusters(): number {
    return this.services + Math.floor(this.services / 2) + 1;
  }

  async write(): Promise<void> {
    await mkdir(this.directory, { recursive: true });
    const files = Array.from({ length: this.services }, (_, i) =>
      writeFile(join(this.directory, `service-${i}.yaml`), this.serviceEntry(i) + (i % 2 === 0 ? this.virtualService(i) : '')),
    );
    await Promise.all([...files, this.setProbe([probeAddress(0)])]);
  }

  /** The one service that changes: its endpoints, one of which may be the mark that proxies are asked about. */
  async setProbe(addresses: readonly string[], comment = ''): Promise<void> {
    const endpoints = addresses.map((address) => `  - address: ${address}\n`).join('');
    const text = `${comment === '' ? '' : `# ${comment}\n`}${head('probe', 'space-0', '127.240.255.1')}${httpPort}  endpoints:\n${endpoints}`;
    await this.replace('probe.yaml', text);
  }

  /** A route of an existing service, with a path that is the mark. */
  async setRoute(mark: string): Promise<void> {
    await this.replace(
      'probe-route.yaml',
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: probe-route, namespace: space-0 }
spec:
  hosts: [probe.space-0.svc.cluster.local]
  http:
  - match: [{ uri: { prefix: /${mark} } }]
    route: [{ destination: { host: probe.space-0.svc.cluster.local } }]
`,
    );
  }

  /** Address and namespace of a workload that serves one of the services: proxies are spread over them. */
  workload(index: number): { readonly address: string; readonly namespace: string; readonly app: string } {
    const service = index % this.services;
    return { address: this.endpoint(service, Math.floor(index / this.services)), namespace: space(service), app: `service-${service}` };
  }

  /** A reader of the directory sees the old file or the new one, never a part. */
  private async replace(name: string, text: string): Promise<void> {
    const beside = join(this.directory, `.${name}.new`);
    await writeFile(beside, text);
    await rename(beside, join(this.directory, name));
  }

  private endpoint(service: number, index: number): string {
    const number = service * this.endpoints + (index % this.endpoints);
    return `127.${10 + Math.floor(number / 62_500)}.${Math.floor(number / 250) % 250}.${1 + (number % 250)}`;
  }

  private serviceEntry(i: number): string {
    const addresses = Array.from({ length: this.endpoints }, (_, index) => `  - address: ${this.endpoint(i, index)}\n`).join('');
    const second = i % 2 === 1 ? '  - { number: 9000, name: tcp, protocol: TCP }\n' : '';
    return `${head(`service-${i}`, space(i), `127.240.${Math.floor(i / 250)}.${1 + (i % 250)}`)}${httpPort}${second}  endpoints:\n${addresses}`;
  }

  private virtualService(i: number): string {
    const host = `service-${i}.${space(i)}.svc.cluster.local`;
    return `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: service-${i}, namespace: ${space(i)} }
spec:
  hosts: [${host}]
  http:
  - match: [{ uri: { prefix: /v1 } }, { headers: { x-user: { exact: somebody } } }]
    route: [{ destination: { host: ${host} } }]
    timeout: 5s
  - route: [{ destination: { host: ${host} } }]
    retries: { attempts: 3, perTryTimeout: 2s }
`;
  }
}

const httpPort = '  ports:\n  - { number: 80, name: http, protocol: HTTP }\n';

/** The name of the endpoints that `setProbe` changes. */
export const probeCluster = 'outbound|80||probe.space-0.svc.cluster.local';

/** An address that no other endpoint has; of different numbers none is a part of another's text. */
export function probeAddress(number: number): string {
  return `127.${200 + (Math.floor(number / 10_000) % 40)}.${100 + (Math.floor(number / 100) % 100)}.${100 + (number % 100)}`;
}

function space(i: number): string {
  return `space-${i % 10}`;
}

function head(name: string, namespace: string, address: string): string {
  return `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  hosts: [${name}.${namespace}.svc.cluster.local]
  addresses: [${address}]
  location: MESH_INTERNAL
  resolution: STATIC
`;
}
