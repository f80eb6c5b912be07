/** One object as text for a TextSource: JSON is YAML. */
export function meshObject(kind: string, name: string, spec: object): string {
  return JSON.stringify({ apiVersion: 'networking.istio.io/v1', kind, metadata: { name, namespace: 'shop' }, spec });
}

export interface BackendEndpoint {
  readonly port: number;
  readonly version?: string;
  readonly address?: string;
}

/** The port of every HTTP service and listener here. */
export const httpPort = 18080;

/** A host whose endpoints are programs on this machine. */
export function serviceAt(host: string, endpoints: readonly BackendEndpoint[], port = { number: httpPort, protocol: 'HTTP' }): string {
  return meshObject('ServiceEntry', nameOf(host), {
    hosts: [host],
    location: 'MESH_EXTERNAL',
    resolution: 'STATIC',
    ports: [{ ...port, name: 'main' }],
    endpoints: endpoints.map(({ address = '127.0.0.1', port: main, version }) => ({
      address,
      ports: { main },
      ...(version !== undefined && { labels: { version } }),
    })),
  });
}

export function virtualServiceOf(host: string, spec: object): string {
  return meshObject('VirtualService', nameOf(host), { hosts: [host], ...spec });
}

export function destinationRuleOf(host: string, spec: object): string {
  return meshObject('DestinationRule', nameOf(host), { host, ...spec });
}

/** Subsets `v1` and `v2` by the label `version`. */
export const bothVersions = ['v1', 'v2'].map((version) => ({ name: version, labels: { version } }));

export function destination(host: string, subset?: string): object {
  return { destination: { host, ...(subset !== undefined && { subset }) } };
}

function nameOf(host: string): string {
  return host.replaceAll('.', '-');
}
