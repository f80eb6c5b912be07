import type { ConnectedProxies, ConnectedProxy } from '../admin/connected-proxies.ts';
import type { HttpEndpoint } from '../admin/http-endpoint.ts';
import { DebugSource } from '../admin/xds/debug-source.ts';
import { pageView } from '../admin/xds/page-view.ts';
import { synczView } from '../admin/xds/syncz-view.ts';
import type { ResourceSource } from '../discovery/resource-source.ts';
import type { EnvoyProtos } from '../envoy/protos.ts';
import { typeUrls } from '../envoy/type-urls.ts';

export interface DebugTypesOptions {
  readonly source: ConnectedProxies;
  /** `HOST:PORT` that clients reach us at. */
  readonly address: string;
  readonly proxies: () => readonly ConnectedProxy[];
  readonly pages: () => readonly HttpEndpoint[];
  readonly protos: EnvoyProtos;
}

/** What istioctl asks for over xDS, where only this machine can ask: on other addresses clients would have to be known first. */
export function withDebugTypes({ source, address, proxies, pages, protos }: DebugTypesOptions): ResourceSource {
  if (!isLoopback(address)) return source;
  return new DebugSource({
    source,
    views: new Map([
      [typeUrls.DEBUG_SYNCZ, synczView({ proxies, protos })],
      [typeUrls.DEBUG, pageView({ pages, protos })],
    ]),
  });
}

function isLoopback(address: string): boolean {
  return /^(127\.[0-9.]+|localhost|\[::1\]):\d+$/.test(address);
}
