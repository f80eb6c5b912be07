import type { WatchStatus } from '../../discovery/connection-status.ts';
import type { EncodedResource, ResourceView } from '../../discovery/resource-source.ts';
import type { ClientConfig } from '../../envoy/generated/envoy/service/status/v3/ClientConfig.ts';
import type { EnvoyProtos } from '../../envoy/protos.ts';
import { typeUrlOf, typeUrls } from '../../envoy/type-urls.ts';
import { hashBytes } from '../../lib/hash.ts';
import { toStruct } from '../../lib/struct.ts';
import { compareText } from '../../model/config-object.ts';
import type { ConnectedProxy } from '../connected-proxies.ts';
import { answerView } from './answer-view.ts';

export interface SynczViewOptions {
  readonly proxies: () => readonly ConnectedProxy[];
  readonly protos: Pick<EnvoyProtos, 'encodeAny'>;
}

/** `istio.io/debug/syncz`: one Envoy ClientConfig for each proxy, which `istioctl proxy-status` and `version` print (Istio `StatusGen`). */
export function synczView({ proxies, protos }: SynczViewOptions): ResourceView {
  return answerView('debug/syncz', {
    all: () =>
      proxies()
        .filter(isProxy)
        .map((proxy) => encodedStatus(proxy, protos)),
  });
}

/** Not istioctl itself. */
function isProxy({ connection }: ConnectedProxy): boolean {
  return connection.watches.some(({ typeUrl }) => !typeUrl.startsWith(typeUrls.DEBUG));
}

function encodedStatus(proxy: ConnectedProxy, protos: SynczViewOptions['protos']): EncodedResource {
  const any = protos.encodeAny({ '@type': typeUrlOf('envoy.service.status.v3.ClientConfig'), ...clientConfig(proxy) });
  return { name: proxy.proxy.id, version: hashBytes(any), any };
}

function clientConfig({ connection, proxy }: ConnectedProxy): ClientConfig {
  const { clusterId, namespace, istioVersion } = proxy;
  const metadata = { CLUSTER_ID: clusterId, NAMESPACE: namespace, ISTIO_VERSION: istioVersion };
  const configs = connection.watches.filter(({ typeUrl }) => typeUrl !== typeUrls.VHDS).map(genericConfig);
  return {
    node: { id: proxy.id, metadata: toStruct(metadata) },
    generic_xds_configs: configs.sort((a, b) => compareText(a.type_url ?? '', b.type_url ?? '')),
  };
}

type GenericConfig = NonNullable<ClientConfig['generic_xds_configs']>[number];

function genericConfig(watch: WatchStatus): GenericConfig {
  const { typeUrl, lastError } = watch;
  return {
    type_url: typeUrl,
    config_status: configStatus(watch),
    ...(lastError === '' ? {} : { error_state: { details: lastError } }),
  };
}

function configStatus({ lastError, sentNonce, ackedNonce }: WatchStatus): NonNullable<GenericConfig['config_status']> {
  if (lastError !== '') return 'ERROR';
  if (sentNonce === '') return 'NOT_SENT';
  return sentNonce === ackedNonce ? 'SYNCED' : 'STALE';
}
