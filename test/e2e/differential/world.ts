import fc from 'fast-check';
import { ruleHosts, serviceHosts } from './names.ts';
import { servicePorts, subsets, virtualService } from './rules.ts';

type Json = Readonly<Record<string, unknown>>;

/** Where the proxies of a world listen, and what programs stand behind its services. */
export interface Ground {
  readonly sidecar: string;
  readonly gateway: string;
  readonly backendPorts: readonly number[];
}

export interface World {
  readonly services: readonly { readonly host: string; readonly ports: readonly number[]; readonly endpoints: readonly Endpoint[] }[];
  readonly subsetsOf: readonly string[];
  readonly virtualServices: readonly Json[];
  readonly servers: readonly { readonly hosts: readonly string[]; readonly httpsRedirect: boolean }[];
  readonly isStrict: boolean;
  readonly normalization: string;
}

interface Endpoint {
  readonly backend: number;
  readonly version: string;
  readonly weight: number;
}

/** Where the sidecar is a forward proxy. */
export const httpProxyPort = 18082;
export const gatewayPorts = [18090, 18091] as const;
export const backendCount = 5;

const withSubsets = serviceHosts.filter((host) => !host.startsWith('*'));

const endpoint = fc.record({
  backend: fc.nat({ max: backendCount - 1 }),
  version: fc.constantFrom('v1', 'v2'),
  weight: fc.constantFrom(1, 1, 3),
});

export const world: fc.Arbitrary<World> = fc.record({
  services: fc.uniqueArray(
    fc.record({
      host: fc.constantFrom<string>(...serviceHosts),
      ports: fc.constantFrom([18080], [80, 18080], ...Array.from({ length: 6 }, () => [80, 18080, 18081])),
      endpoints: fc.uniqueArray(endpoint, { minLength: 1, maxLength: 4, selector: ({ backend }) => backend }),
    }),
    { minLength: 4, maxLength: 5, selector: ({ host }) => host },
  ),
  subsetsOf: fc.oneof({ weight: 3, arbitrary: fc.constant([...withSubsets]) }, fc.subarray([...withSubsets])),
  virtualServices: fc.array(virtualService, { minLength: 2, maxLength: 6 }),
  servers: fc.array(
    fc.record({
      hosts: fc.oneof(
        fc.constant(['*']),
        fc.uniqueArray(fc.constantFrom(...ruleHosts, 'shop/*.internal', './a.internal', 'pay/*'), { minLength: 1, maxLength: 3 }),
      ),
      httpsRedirect: fc.constantFrom(true, ...Array.from({ length: 9 }, () => false)),
    }),
    { minLength: 2, maxLength: 2 },
  ),
  isStrict: fc.boolean(),
  normalization: fc.constantFrom('DEFAULT', 'DEFAULT', 'NONE', 'MERGE_SLASHES', 'DECODE_AND_MERGE_SLASHES'),
});

export function meshConfigOf({ normalization }: World): string {
  return JSON.stringify({ pathNormalization: { normalization } });
}

/** What is answered with the number of the world: whoever hears it knows that the routes are those of this world. */
export const fenceHost = 'fence.test';
/** A path of its own: what takes everything comes last at gateways, behind the rules that others have for all hosts. */
export const fencePath = '/fence';

function fence(number: number): readonly string[] {
  const ports = [httpProxyPort, ...servicePorts].map((port) => (port === httpProxyPort ? 80 : port));
  return [
    object('ServiceEntry', 'fence', {
      hosts: [fenceHost],
      location: 'MESH_EXTERNAL',
      resolution: 'STATIC',
      ports: ports.map((port) => ({ number: port, name: `http-${port}`, protocol: 'HTTP' })),
      endpoints: [{ address: '127.0.0.1' }],
    }),
    object('VirtualService', 'fence', {
      hosts: [fenceHost],
      gateways: ['mesh', 'edge'],
      http: [{ match: [{ uri: { exact: fencePath } }], directResponse: { status: 200, body: { string: String(number) } } }],
    }),
  ];
}

/** The objects of a world, as texts; `number` tells it from those before. */
export function objectsOf(
  { services, subsetsOf, virtualServices, servers, isStrict }: World,
  ground: Ground,
  number: number,
): readonly string[] {
  return [
    ...fence(number),
    ...services.map(({ host, ports, endpoints }) => object('ServiceEntry', nameOf(host), serviceEntry(host, ports, endpoints, ground))),
    ...subsetsOf.map((host) =>
      object('DestinationRule', nameOf(host), { host, subsets: subsets.map((name) => ({ name, labels: { version: name } })) }),
    ),
    ...virtualServices.map((spec, index) => object('VirtualService', `vs-${index}`, spec)),
    object('Gateway', 'edge', {
      selector: { app: 'edge' },
      servers: servers.map(({ hosts, httpsRedirect }, index) => ({
        port: { number: gatewayPorts[index], name: `http-${index}`, protocol: 'HTTP' },
        bind: ground.gateway,
        hosts: hosts.includes('*') ? hosts : [...hosts, fenceHost],
        ...(httpsRedirect && { tls: { httpsRedirect } }),
      })),
    }),
    object('Sidecar', 'client', {
      workloadSelector: { labels: { app: 'client' } },
      ...(isStrict && { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } }),
      egress: [...servicePorts, httpProxyPort].map((number) => ({
        port: { number, protocol: number === httpProxyPort ? 'HTTP_PROXY' : 'HTTP', name: `http-${number}` },
        bind: ground.sidecar,
        captureMode: 'NONE',
        hosts: ['./*'],
      })),
    }),
  ];
}

function serviceEntry(host: string, ports: readonly number[], endpoints: readonly Endpoint[], { backendPorts }: Ground): Json {
  const named = ports.map((number) => ({ number, name: `http-${number}`, protocol: 'HTTP' }));
  const common = { hosts: [host], location: 'MESH_EXTERNAL', ports: named };
  if (host.startsWith('*')) return { ...common, resolution: 'NONE' };
  return {
    ...common,
    resolution: 'STATIC',
    endpoints: endpoints.map(({ backend, version, weight }) => ({
      address: '127.0.0.1',
      ports: Object.fromEntries(named.map(({ name }) => [name, backendPorts[backend]])),
      labels: { version },
      weight,
    })),
  };
}

function object(kind: string, name: string, spec: Json): string {
  return JSON.stringify({ apiVersion: 'networking.istio.io/v1', kind, metadata: { name, namespace: 'shop' }, spec });
}

function nameOf(host: string): string {
  return host.toLowerCase().replace('*', 'any').replaceAll('.', '-');
}
