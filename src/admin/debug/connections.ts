import { parseLocality } from '../../model/locality.ts';
import type { ConnectedProxy } from '../connected-proxies.ts';
import { findProxy } from '../connected-proxies.ts';
import type { HttpEndpoint } from '../http-endpoint.ts';
import { textAnswer } from '../http-endpoint.ts';
import { jsonAnswer } from '../json-answer.ts';
import { LazyArray, LazyObject } from '../json-chunks.ts';
import type { DebugContext } from './debug-context.ts';
import { goTime } from './go-time.ts';
import { notConnected } from './not-connected.ts';

/** `/debug/connections`: who is connected, in the shape of Istio's `AdsClients`. */
export function connections({ proxies }: DebugContext): HttpEndpoint {
  return {
    path: '/debug/connections',
    help: 'The connected xDS clients',
    answer: (query) => jsonAnswer(adsClients(proxies(), connectionJson), query),
  };
}

/** `/debug/adsz`: as `/debug/connections`, with what each client said about itself and subscribed to; one with `?proxyID=`. */
export function adsz({ proxies }: DebugContext): HttpEndpoint {
  return {
    path: '/debug/adsz',
    help: 'The connected xDS clients with their metadata and subscriptions; ?proxyID=NAME.NAMESPACE',
    answer: (query) => {
      if (query.get('push')) return textAnswer(400, 'a push cannot be forced: what changes is pushed, and equal bytes never are\n');
      const proxyId = query.get('proxyID') ?? '';
      if (proxyId === '') return jsonAnswer(adsClients(proxies(), clientJson), query);
      const found = findProxy(proxies(), proxyId);
      return found === undefined ? notConnected : jsonAnswer(adsClients([found], clientJson), query);
    },
  };
}

function adsClients(proxies: readonly ConnectedProxy[], toJson: (proxy: ConnectedProxy) => object): LazyObject {
  const clients = proxies.length === 0 ? [] : [['clients', new LazyArray(each(proxies, toJson))] as const];
  return new LazyObject([['totalClients', proxies.length], ...clients]);
}

function* each(proxies: readonly ConnectedProxy[], toJson: (proxy: ConnectedProxy) => object): Generator<object> {
  for (const proxy of proxies) yield toJson(proxy);
}

function connectionJson({ connection, proxy }: ConnectedProxy): object {
  return { connectionId: `${proxy.id}-${connection.id}`, connectedAt: goTime(connection.connectedAt), address: connection.peer };
}

function clientJson(connected: ConnectedProxy): object {
  const { connection, proxy } = connected;
  const { region, zone, subZone } = parseLocality(proxy.locality);
  return {
    ...connectionJson(connected),
    ...(Object.keys(proxy.labels).length === 0 ? {} : { labels: proxy.labels }),
    metadata: proxy.metadata,
    ...(proxy.locality === '' ? {} : { locality: { region, zone, sub_zone: subZone } }),
    variant: connection.variant,
    requestsReceived: connection.requestsReceived,
    responsesSent: connection.responsesSent,
    subscriptions: Object.fromEntries(
      connection.watches.map(({ typeUrl, isWildcard, names, viewKey, isSynced }) => [typeUrl, { isWildcard, names, viewKey, isSynced }]),
    ),
  };
}
