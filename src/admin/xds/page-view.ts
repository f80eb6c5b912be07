import type { EncodedResource, ResourceView } from '../../discovery/resource-source.ts';
import type { EnvoyProtos } from '../../envoy/protos.ts';
import { typeUrls } from '../../envoy/type-urls.ts';
import { hashBytes } from '../../lib/hash.ts';
import type { HttpEndpoint } from '../http-endpoint.ts';

export interface PageViewOptions {
  readonly pages: () => readonly HttpEndpoint[];
  readonly protos: Pick<EnvoyProtos, 'encode'>;
}

/**
 * `istio.io/debug`: the resource named `config_dump?proxyID=web.default` holds what the page `/debug/config_dump` answers to that
 * query (Istio `DebugGen`). A page that is not there is no resource.
 */
export function pageView({ pages, protos }: PageViewOptions): ResourceView {
  return {
    key: 'debug',
    revision: () => 0,
    get: (name) => pageOf(name, pages(), protos),
    all: () => new Map(),
    changedSince: () => new Set(),
    absent: () => undefined,
  };
}

function pageOf(name: string, pages: readonly HttpEndpoint[], protos: PageViewOptions['protos']): EncodedResource | undefined {
  const [path = '', query = ''] = name.split('?', 2);
  const answer = pages.find((page) => page.path === `/debug/${path}`)?.answer(new URLSearchParams(query));
  if (answer === undefined || answer instanceof Promise) return undefined;
  const text = typeof answer.body === 'string' ? answer.body : [...answer.body].join('');
  const any = protos.encode('google.protobuf.Any', { type_url: typeUrls.DEBUG, value: Buffer.from(text) });
  return { name, version: hashBytes(any), any };
}
