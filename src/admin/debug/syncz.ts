import type { WatchStatus } from '../../discovery/connection-status.ts';
import { typeUrls } from '../../envoy/type-urls.ts';
import type { ConnectedProxy } from '../connected-proxies.ts';
import type { HttpEndpoint } from '../http-endpoint.ts';
import { jsonAnswer } from '../json-answer.ts';
import { LazyArray } from '../json-chunks.ts';
import type { DebugContext } from './debug-context.ts';

/** Istio's field names before `_sent` and `_acked`. */
const fields: readonly (readonly [string, string])[] = [
  ['cluster', typeUrls.CDS],
  ['listener', typeUrls.LDS],
  ['route', typeUrls.RDS],
  ['endpoint', typeUrls.EDS],
  ['extensionconfig', typeUrls.ECDS],
];

/** `/debug/syncz`: what each proxy was sent and has accepted, in the shape of Istio's `SyncStatus` that Kiali reads. */
export function syncz({ proxies }: DebugContext): HttpEndpoint {
  return {
    path: '/debug/syncz',
    help: 'What each connected proxy was sent and has accepted; ?namespace=N',
    answer: (query) => {
      const namespace = query.get('namespace') ?? '';
      const chosen = proxies().filter(({ proxy }) => namespace === '' || proxy.namespace === namespace);
      return jsonAnswer(new LazyArray(statuses(chosen)), query);
    },
  };
}

function* statuses(proxies: readonly ConnectedProxy[]): Generator<object> {
  for (const proxy of proxies) yield syncStatus(proxy);
}

/** Empty texts are left out, as Istio does. */
function syncStatus({ connection, proxy }: ConnectedProxy): object {
  const watches = new Map(connection.watches.map((watch) => [watch.typeUrl, watch]));
  return withoutEmpty({
    cluster_id: proxy.clusterId,
    proxy: proxy.id,
    proxy_type: proxy.role === 'grpc' ? 'sidecar' : proxy.role,
    istio_version: proxy.istioVersion,
    ...Object.fromEntries(
      fields.flatMap(([field, typeUrl]) => [
        [`${field}_sent`, watches.get(typeUrl)?.sentNonce ?? ''],
        [`${field}_acked`, watches.get(typeUrl)?.ackedNonce ?? ''],
      ]),
    ),
    resources: Object.fromEntries(connection.watches.map((watch) => [watch.typeUrl, resourceStatus(watch)])),
  });
}

function resourceStatus(watch: WatchStatus): object {
  return withoutEmpty({ sent: watch.sentNonce, acked: watch.ackedNonce, lastError: watch.lastError });
}

function withoutEmpty(object: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== ''));
}
