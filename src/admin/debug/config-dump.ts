import type { TypedMessage } from '../../envoy/protos.ts';
import { type TypeUrlName, typeUrls } from '../../envoy/type-urls.ts';
import { tableOfVirtualHost } from '../../model/virtual-host-resource.ts';
import type { ConnectedProxy } from '../connected-proxies.ts';
import { findProxy } from '../connected-proxies.ts';
import type { HttpAnswer, HttpEndpoint } from '../http-endpoint.ts';
import { jsonAnswer } from '../json-answer.ts';
import { LazyArray, LazyObject } from '../json-chunks.ts';
import type { DebugContext } from './debug-context.ts';
import { notConnected, proxyIdMissing } from './not-connected.ts';

type Protos = DebugContext['protos'];
type Resource = NonNullable<ReturnType<NonNullable<ReturnType<ConnectedProxy['handle']['view']>>['get']>>;

type Members = readonly (readonly [string, unknown])[];

/** One message within `envoy.admin.v3.ConfigDump`. */
interface Section {
  readonly message: string;
  readonly list?: string;
  readonly type?: TypeUrlName;
  readonly entry?: (json: unknown, resource: Resource) => Members;
  readonly isOptional?: true;
}

function named(field: string): NonNullable<Section['entry']> {
  return (json, { version }) => [
    ['versionInfo', version],
    [field, json],
  ];
}

/** Envoy's order, which `istioctl proxy-config` expects; endpoints only with `?include_eds`. */
const sections: readonly Section[] = [
  { message: 'BootstrapConfigDump' },
  {
    message: 'ClustersConfigDump',
    list: 'dynamicActiveClusters',
    type: 'CDS',
    entry: named('cluster'),
  },
  {
    message: 'EndpointsConfigDump',
    list: 'dynamicEndpointConfigs',
    type: 'EDS',
    entry: named('endpointConfig'),
    isOptional: true,
  },
  {
    message: 'ListenersConfigDump',
    list: 'dynamicListeners',
    type: 'LDS',
    entry: (json, resource) => [
      ['name', resource.name],
      ['activeState', new LazyObject(named('listener')(json, resource))],
    ],
  },
  { message: 'ScopedRoutesConfigDump' },
  {
    message: 'RoutesConfigDump',
    list: 'dynamicRouteConfigs',
    type: 'RDS',
    entry: named('routeConfig'),
  },
  { message: 'SecretsConfigDump' },
  {
    message: 'EcdsConfigDump',
    list: 'ecdsFilters',
    type: 'ECDS',
    entry: named('ecdsFilter'),
  },
];

/** `/debug/config_dump`: what the proxy ought to hold, in the form of Envoy's own `config_dump`. Secrets are never in it. */
export function configDump(context: DebugContext): HttpEndpoint {
  return {
    path: '/debug/config_dump',
    help: "A proxy's configuration as Envoy's config_dump; ?proxyID=NAME.NAMESPACE, &include_eds, &types=cds,eds,lds,rds",
    answer: (query) => {
      const types = query.get('types') ?? '';
      if (types !== '') return resourcesOf(context, query, types.toUpperCase().split(','));
      return ofProxy(context, query, ({ handle }) => dump(handle, context.protos, query.has('include_eds')));
    },
  };
}

/** `/debug/edsz`: the load assignments that a proxy ought to hold. */
export function edsz(context: DebugContext): HttpEndpoint {
  return {
    path: '/debug/edsz',
    help: "A proxy's load assignments; ?proxyID=NAME.NAMESPACE",
    answer: (query) => resourcesOf(context, query, ['EDS']),
  };
}

/** Bare resources of some types, as Istio's `?types=`; unknown types, and secrets, have none. */
function resourcesOf(context: DebugContext, query: URLSearchParams, types: readonly string[]): HttpAnswer {
  return ofProxy(context, query, ({ handle }) => {
    const urls = sections.flatMap(({ type }) => (type !== undefined && types.includes(type) ? [typeUrls[type]] : []));
    const views = urls.map((url) => all(handle, url));
    const toJson = jsonOf(context.protos, handle);
    return new LazyObject([['configs', new LazyArray(each(views.flat(), toJson))]]);
  });
}

function ofProxy({ proxies }: DebugContext, query: URLSearchParams, toJson: (proxy: ConnectedProxy) => unknown): HttpAnswer {
  const proxyId = query.get('proxyID') ?? '';
  if (proxyId === '') return proxyIdMissing;
  const found = findProxy(proxies(), proxyId);
  return found === undefined ? notConnected : jsonAnswer(toJson(found), query);
}

/** Takes every view now, in one revision, and makes JSON of the resources later. */
function dump(handle: ConnectedProxy['handle'], protos: Protos, withEndpoints: boolean): LazyObject {
  const toJson = jsonOf(protos, handle);
  const chosen = sections.filter(({ isOptional }) => withEndpoints || isOptional !== true);
  const configs = chosen.map(({ message, list, type, entry }) => {
    const resources = type === undefined ? [] : all(handle, typeUrls[type]);
    const typed = ['@type', `type.googleapis.com/envoy.admin.v3.${message}`] as const;
    if (list === undefined || entry === undefined || resources.length === 0) return new LazyObject([typed]);
    return new LazyObject([typed, [list, new LazyArray(each(resources, (resource) => new LazyObject(entry(toJson(resource), resource))))]]);
  });
  return new LazyObject([['configs', new LazyArray(configs)]]);
}

/**
 * A route table may hold every virtual host of the mesh: it is decoded, converted and written in separate turns. Those that the
 * proxy is sent by themselves are in their tables, as Envoy's own dump shows them.
 */
function jsonOf(protos: Protos, handle: ConnectedProxy['handle']): (resource: Resource) => LazyObject {
  const apart = Map.groupBy(all(handle, typeUrls.VHDS), ({ name }) => tableOfVirtualHost(name));
  return (resource) => new LazyObject(members(protos, resource, apart));
}

function* members(
  protos: Protos,
  { any, name }: Resource,
  apart: ReadonlyMap<string, readonly Resource[]>,
): Generator<readonly [string, unknown]> {
  const message = protos.decodeAny<TypedMessage>(any);
  yield ['@type', message['@type']];
  const hosts = message['@type'] === typeUrls.RDS ? apart.get(name) : undefined;
  for (const [key, value] of Object.entries(protos.toJson(message)))
    if (key !== '@type' && (hosts === undefined || key !== 'virtualHosts'))
      yield [key, Array.isArray(value) ? new LazyArray(value) : value];
  if (hosts !== undefined) yield ['virtualHosts', new LazyArray(each(hosts, (host) => new LazyObject(fieldsOf(protos, host))))];
}

function fieldsOf(protos: Protos, { any }: Resource): Members {
  return Object.entries(protos.toJson(protos.decodeAny<TypedMessage>(any))).filter(([key]) => key !== '@type');
}

function all(handle: ConnectedProxy['handle'], typeUrl: string): readonly Resource[] {
  return [...(handle.view(typeUrl)?.all().values() ?? [])];
}

function* each<T>(items: readonly T[], toJson: (item: T) => object): Generator<object> {
  for (const item of items) yield toJson(item);
}
