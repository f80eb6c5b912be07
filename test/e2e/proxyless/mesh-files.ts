import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A backend of the service `echo`. */
export interface EchoEndpoint {
  readonly address: string;
  readonly version: string;
}

/** A directory of configuration; objects are written as JSON, which is YAML. */
export class MeshFiles {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async create(): Promise<MeshFiles> {
    return new MeshFiles(await mkdtemp(join(tmpdir(), 'coxswain-proxyless-')));
  }

  async write(file: string, objects: readonly object[]): Promise<void> {
    const text = objects.map((object) => JSON.stringify(object)).join('\n---\n');
    const fresh = join(this.directory, `.${file}.new`);
    await writeFile(fresh, text);
    await rename(fresh, join(this.directory, `${file}.yaml`));
  }

  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true });
  }
}

/** A Kubernetes service of namespace `default` on port 7070, its endpoints and their pods. */
export function echoService(name: string, targetPort: number, endpoints: readonly EchoEndpoint[]): readonly object[] {
  const namespace = 'default';
  const podOf = ({ address }: EchoEndpoint) => `${name}-${address.replaceAll('.', '-')}`;
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace },
      spec: { selector: { app: name }, clusterIP: '10.0.0.5', ports: [{ name: 'grpc', port: 7070, targetPort }] },
    },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: `${name}-1`, namespace, labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      ports: [{ name: 'grpc', port: targetPort, protocol: 'TCP' }],
      endpoints: endpoints.map((endpoint) => ({
        addresses: [endpoint.address],
        conditions: { ready: true },
        targetRef: { kind: 'Pod', namespace, name: podOf(endpoint) },
      })),
    },
    ...endpoints.map((endpoint) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: podOf(endpoint), namespace, labels: { app: name, version: endpoint.version } },
      spec: {},
      status: { phase: 'Running', podIP: endpoint.address, podIPs: [{ ip: endpoint.address }] },
    })),
  ];
}

/** Subsets `v1` and `v2` of `echo`, with a policy for all of it where one is given. */
export function echoSubsets(trafficPolicy?: object): object {
  const subsets = ['v1', 'v2'].map((version) => ({ name: version, labels: { version } }));
  return object('DestinationRule', { host: 'echo', ...(trafficPolicy && { trafficPolicy }), subsets });
}

export function echoRoutes(http: readonly object[]): object {
  return object('VirtualService', { hosts: ['echo'], http });
}

export function toSubset(subset: string, weight?: number): object {
  return { destination: { host: 'echo', subset }, ...(weight !== undefined && { weight }) };
}

function object(kind: string, spec: object): object {
  return { apiVersion: 'networking.istio.io/v1', kind, metadata: { name: 'echo', namespace: 'default' }, spec };
}
