import type { ConfigObject } from '../../src/model/config-object.ts';
import { parseObject } from '../../src/schema/parse-object.ts';
import type { TestProxy } from '../harness/text-mesh.ts';

/** What the sidecars of a world see, beside the services. */
export type WorldKind = 'plain' | 'sidecars-all' | 'sidecars-own' | 'wildcard' | 'wildcard-source';

export interface WorldShape {
  readonly services: number;
  readonly namespaces: number;
  readonly kind: WorldKind;
}

const endpointsPerService = 10;

/** The world of the load client: two ports and ten endpoints for each service, every second one routed, every fifth with a rule. */
export function worldObjects(shape: WorldShape): readonly ConfigObject[] {
  const objects: ConfigObject[] = [];
  for (let i = 0; i < shape.services; i++) {
    objects.push(serviceEntry(shape, i));
    if (i < shape.services / 5) objects.push(destinationRule(shape, i));
    if (i < shape.services / 2) objects.push(virtualService(shape, i));
  }
  for (let n = 0; n < shape.namespaces; n++) objects.push(...ofNamespace(shape.kind, `ns-${n}`));
  return [...objects, ...ofMesh(shape.kind)];
}

/** A sidecar of a workload that serves the service. */
export function sidecarOf(shape: WorldShape, service: number): TestProxy {
  const namespace = namespaceOf(shape, service);
  const ip = address(service * endpointsPerService);
  return {
    nodeId: `sidecar~${ip}~svc-${service}.${namespace}~${namespace}.svc.cluster.local`,
    metadata: { NAMESPACE: namespace, INSTANCE_IPS: ip, CLUSTER_ID: 'Kubernetes' },
    locality: { region: 'region1', zone: 'zone1' },
  };
}

export function namespaceOf({ namespaces }: WorldShape, service: number): string {
  return `ns-${service % namespaces}`;
}

export function hostOf(shape: WorldShape, service: number): string {
  return `svc-${service}.${namespaceOf(shape, service)}.svc.cluster.local`;
}

/** `round` moves one endpoint; `exportTo` hides the service from other namespaces. */
export function serviceEntry(shape: WorldShape, i: number, { round = 0, exportTo = ['*'] }: EntryOptions = {}): ConfigObject {
  const second =
    i % 5 < 3
      ? { number: 8080, name: 'http-admin', protocol: 'HTTP', targetPort: 8081 }
      : { number: 9000, name: 'tcp-data', protocol: 'TCP', targetPort: 9000 };
  return parsed('ServiceEntry', namespaceOf(shape, i), `svc-${i}`, {
    hosts: [hostOf(shape, i)],
    addresses: [`127.${240 + Math.floor(i / 62_500)}.${Math.floor(i / 250) % 250}.${1 + (i % 250)}`],
    location: 'MESH_INTERNAL',
    resolution: 'STATIC',
    exportTo,
    ports: [{ number: 80, name: 'http', protocol: 'HTTP', targetPort: 8080 }, second],
    endpoints: Array.from({ length: endpointsPerService }, (_, j) => ({
      address: round > 0 && j === endpointsPerService - 1 ? `127.200.${round >> 8}.${round & 255}` : address(i * endpointsPerService + j),
      labels: { app: `svc-${i}`, version: j % 5 === 4 ? 'v2' : 'v1', 'security.istio.io/tlsMode': 'istio' },
      serviceAccount: `svc-${i}`,
      locality: `region1/zone${(j % 3) + 1}`,
    })),
  });
}

export interface EntryOptions {
  readonly round?: number;
  readonly exportTo?: readonly string[];
}

export function destinationRule(shape: WorldShape, i: number, round = 0): ConfigObject {
  return parsed('DestinationRule', namespaceOf(shape, i), `svc-${i}`, {
    host: hostOf(shape, i),
    trafficPolicy: {
      loadBalancer: { simple: 'LEAST_REQUEST' },
      connectionPool: { tcp: { maxConnections: 1000 + round, connectTimeout: '3s' }, http: { http2MaxRequests: 2000, idleTimeout: '60s' } },
      outlierDetection: { consecutive5xxErrors: 7, interval: '10s', baseEjectionTime: '30s', maxEjectionPercent: 50 },
    },
    subsets: [
      { name: 'v1', labels: { version: 'v1' } },
      { name: 'v2', labels: { version: 'v2' }, trafficPolicy: { connectionPool: { http: { http2MaxRequests: 100 } } } },
    ],
  });
}

export function virtualService(shape: WorldShape, i: number, round = 0): ConfigObject {
  const hasSubsets = i < shape.services / 5;
  const host = hostOf(shape, i);
  const first = { host, port: { number: 80 }, ...(hasSubsets && { subset: 'v1' }) };
  const other = hasSubsets
    ? { host, port: { number: 80 }, subset: 'v2' }
    : { host: hostOf(shape, (i + 1) % shape.services), port: { number: 80 } };
  return parsed('VirtualService', namespaceOf(shape, i), `svc-${i}`, {
    hosts: [host],
    http: [
      {
        name: 'canary',
        match: [{ headers: { 'x-canary': { exact: `true${round}` } } }],
        route: [{ destination: other }],
        timeout: '5s',
      },
      {
        name: 'api',
        match: [{ uri: { prefix: '/api/v1' } }, { uri: { prefix: '/api/v2' } }],
        route: [
          { destination: first, weight: 90 },
          { destination: other, weight: 10 },
        ],
        timeout: '10s',
        retries: { attempts: 3, perTryTimeout: '2s', retryOn: 'gateway-error,connect-failure,refused-stream' },
      },
      { name: 'default', route: [{ destination: first }], retries: { attempts: 2, perTryTimeout: '5s', retryOn: '5xx' } },
    ],
  });
}

function ofNamespace(kind: WorldKind, namespace: string): readonly ConfigObject[] {
  const hosts = kind === 'sidecars-all' ? ['*/*'] : kind === 'sidecars-own' ? ['./*', 'ns-0/*'] : undefined;
  return hosts === undefined ? [] : [parsed('Sidecar', namespace, 'default', { egress: [{ hosts }] })];
}

/** A wildcard that covers one namespace's hosts, a twentieth of all. */
function ofMesh(kind: WorldKind): readonly ConfigObject[] {
  if (kind !== 'wildcard' && kind !== 'wildcard-source') return [];
  const source = kind === 'wildcard' ? {} : { sourceLabels: { app: 'svc-1' } };
  return [
    parsed('VirtualService', 'ns-1', 'wildcard', {
      hosts: ['*.ns-1.svc.cluster.local'],
      http: [
        { match: [{ uri: { prefix: '/wild' }, ...source }], route: [{ destination: { host: 'svc-0.ns-0.svc.cluster.local' } }] },
        { route: [{ destination: { host: 'svc-1.ns-1.svc.cluster.local' } }] },
      ],
    }),
  ];
}

function address(k: number): string {
  return `127.${1 + Math.floor(k / 62_500)}.${Math.floor(k / 250) % 250}.${1 + (k % 250)}`;
}

function parsed(kind: string, namespace: string, name: string, spec: object): ConfigObject {
  const { object, issues } = parseObject({ apiVersion: 'networking.istio.io/v1', kind, metadata: { namespace, name }, spec });
  if (object === undefined) throw new Error(`invalid world: ${JSON.stringify(issues)}`);
  return object;
}
