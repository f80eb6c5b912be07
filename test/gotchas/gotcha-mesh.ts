import type { TypeUrlName } from '../../src/envoy/type-urls.ts';
import { TextMesh } from '../harness/text-mesh.ts';

/** A message as decoded: fields are looked at without their types, as what is served is the subject. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever path it is about
export type Message = any;

export interface Asked {
  /** `ROLE NAMESPACE/NAME ADDRESS`. */
  readonly proxy?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly locality?: { readonly region: string; readonly zone: string };
  readonly mesh?: object;
  readonly env?: Readonly<Record<string, string>>;
}

/** What a proxy is served in a mesh of these objects. */
export interface Served {
  readonly names: (type: TypeUrlName, pattern?: RegExp) => readonly string[];
  readonly cluster: (name: string) => Message;
  readonly listener: (name: string) => Message;
  /** Filter chains of a listener, the default one last. */
  readonly chains: (listener: string) => readonly Message[];
  readonly hosts: (table: string) => readonly Message[];
  readonly host: (table: string, name: string) => Message;
  /** Addresses, in order. */
  readonly addresses: (cluster: string) => readonly string[];
  readonly assignment: (cluster: string) => Message;
}

export async function meshOf(objects: readonly object[], asked: Asked = {}): Promise<Served> {
  const { proxy = 'sidecar shop/client 10.1.0.9', labels = { app: 'client' }, metadata = {}, locality, mesh: settings, env = {} } = asked;
  const config = [objects.map((object) => JSON.stringify(object)).join('\n---\n')];
  const mesh = await TextMesh.create({ config, env, ...(settings && { meshConfig: JSON.stringify(settings) }) });
  const errors = [...mesh.texts.issues, ...mesh.plane.issues.get()].filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  const [, role = '', namespace = '', name = '', address = ''] = /^(\S+) ([^/]+)\/(\S+) (\S+)$/.exec(proxy) ?? [];
  const views = mesh.connect({
    nodeId: `${role}~${address}~${name}.${namespace}~${namespace}.svc.cluster.local`,
    metadata: { NAMESPACE: namespace, CLUSTER_ID: 'Kubernetes', LABELS: labels, ISTIO_VERSION: '1.32.0', ...metadata },
    ...(locality && { locality }),
  });
  const of = (type: TypeUrlName) => mesh.resources(views, type);
  const hosts = (table: string): readonly Message[] => (of('RDS').get(table) as Message)?.virtual_hosts ?? [];
  const assignment = (cluster: string): Message => of('EDS').get(cluster);
  return {
    names: (type, pattern = /./) => [...of(type).keys()].filter((one) => pattern.test(one)).sort(),
    cluster: (one) => of('CDS').get(one),
    listener: (one) => of('LDS').get(one),
    chains: (one) => {
      const { filter_chains: chains = [], default_filter_chain: last } = (of('LDS').get(one) as Message) ?? {};
      return last ? [...chains, last] : chains;
    },
    hosts,
    host: (table, one) => hosts(table).find((host) => host.name === one),
    assignment,
    addresses: (cluster) =>
      ((assignment(cluster)?.endpoints ?? []) as Message[]).flatMap(({ lb_endpoints: endpoints = [] }) =>
        endpoints.map((one: Message) => one.endpoint.address.socket_address.address),
      ),
  };
}

/** An object in the namespace `shop` unless its metadata says otherwise. */
export function object(apiVersion: string, kind: string, name: string, spec: object, metadata: object = {}): object {
  return { apiVersion, kind, metadata: { name, namespace: 'shop', ...metadata }, spec };
}

export function istio(kind: string, name: string, spec: object, metadata: object = {}): object {
  return object('networking.istio.io/v1', kind, name, spec, metadata);
}

/** Its pods are those with the label `app` of its name, unless `more` says otherwise. */
export function service(
  name: string,
  clusterIP: string,
  ports: readonly object[],
  more: { metadata?: object; spec?: object } = {},
): object {
  return object('v1', 'Service', name, { clusterIP, ports, selector: { app: name }, ...more.spec }, more.metadata);
}

/** A pod that is ready. */
export function pod(name: string, podIP: string, labels: object): object {
  const status = { phase: 'Running', podIP, podIPs: [{ ip: podIP }], conditions: [{ type: 'Ready', status: 'True' }] };
  return { ...object('v1', 'Pod', name, { nodeName: 'n1', containers: [{ name: 'app' }] }, { labels }), status };
}

export const http = (port: number, more: object = {}): object => ({ name: `http-${port}`, port, ...more });
export const tcp = (port: number, more: object = {}): object => ({ name: `tcp-${port}`, port, ...more });

/** The cluster of the TCP proxy that ends a chain. */
export function tcpCluster(chain: Message): string | undefined {
  return chain.filters.at(-1).typed_config.cluster;
}

export function clustersOf(host: Message): readonly string[] {
  return host.routes.map((route: Message) => route.route?.cluster);
}

export const old = { creationTimestamp: '2020-01-01T00:00:00Z' };
export const young = { creationTimestamp: '2024-01-01T00:00:00Z' };
