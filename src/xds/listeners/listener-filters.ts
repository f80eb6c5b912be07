import type { ListenerFilter } from '../../envoy/generated/envoy/config/listener/v3/ListenerFilter.ts';
import { typedFilter } from '../filters/typed-filter.ts';

/** Reads server name and ALPN of TLS. Starts small: Envoy would hold 64 KiB for each connection. */
export const tlsInspector: ListenerFilter = typedFilter(
  'envoy.filters.listener.tls_inspector',
  'envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector',
  { initial_read_buffer_size: { value: 512 } },
);

/** Tells plain HTTP and its version from anything else. */
export const httpInspector: ListenerFilter = typedFilter(
  'envoy.filters.listener.http_inspector',
  'envoy.extensions.filters.listener.http_inspector.v3.HttpInspector',
);

/** Where the client meant to go before the redirection. */
export const originalDestination: ListenerFilter = typedFilter(
  'envoy.filters.listener.original_dst',
  'envoy.extensions.filters.listener.original_dst.v3.OriginalDst',
);

/** TPROXY: connections go on with the client's own address, and a mark that the redirection lets pass. */
export const originalSource: ListenerFilter = typedFilter(
  'envoy.filters.listener.original_src',
  'envoy.extensions.filters.listener.original_src.v3.OriginalSrc',
  { mark: 1337 },
);
