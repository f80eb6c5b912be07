import type {
  _envoy_extensions_filters_network_http_connection_manager_v3_HttpConnectionManager_ForwardClientCertDetails as ForwardClientCert,
  HttpConnectionManager,
} from '../../envoy/generated/envoy/extensions/filters/network/http_connection_manager/v3/HttpConnectionManager.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import type { ListenerClass } from './listener-class.ts';

type ClientCertPolicy = 'SANITIZE' | 'FORWARD_ONLY' | 'APPEND_FORWARD' | 'SANITIZE_SET' | 'ALWAYS_FORWARD_ONLY' | 'UNDEFINED';

/**
 * The name that responses bear as `server`, and whether requests get an id (Istio `GetProxyHeaders`). By an old mistake
 * outbound listeners say Envoy's default `envoy`, and the others `istio-envoy`.
 */
export function serverHeaderFields(settings: MeshSettings, listenerClass: ListenerClass): HttpConnectionManager {
  const headers = settings.config.defaultConfig?.proxyHeaders;
  const isDisabled = headers?.server?.disabled === true;
  const name = isDisabled ? '' : headers?.server?.value || (listenerClass === 'sidecar-outbound' ? '' : 'istio-envoy');
  return {
    ...(name !== '' && { server_name: name }),
    server_header_transformation: isDisabled ? 'PASS_THROUGH' : 'OVERWRITE',
    ...(headers?.requestId?.disabled === true && { generate_request_id: { value: false } }),
  };
}

/** `x-forwarded-client-cert`: what the application, or what is behind a gateway, learns of the client's certificate. */
export function clientCertFields(settings: MeshSettings, listenerClass: ListenerClass): HttpConnectionManager {
  switch (listenerClass) {
    case 'sidecar-outbound':
      return {};
    case 'sidecar-inbound':
      return inboundClientCert(settings);
    case 'gateway':
      return gatewayClientCert(settings);
  }
}

function inboundClientCert({ config }: MeshSettings): HttpConnectionManager {
  const headers = config.defaultConfig?.proxyHeaders;
  const details = headers?.setCurrentClientCertDetails;
  return {
    forward_client_cert_details: stated(headers?.forwardedClientCert) ?? 'APPEND_FORWARD',
    set_current_client_cert_details: {
      subject: { value: details?.subject !== false },
      uri: details?.uri !== false,
      dns: details?.dns !== false,
      cert: details?.cert === true,
      chain: details?.chain === true,
    },
  };
}

/** Gateways have `gatewayTopology` for it, in place of `proxyHeaders`. */
function gatewayClientCert({ config }: MeshSettings): HttpConnectionManager {
  const topology = config.defaultConfig?.gatewayTopology;
  const policy = stated(topology?.forwardClientCertDetails) ?? 'SANITIZE_SET';
  const sets = policy === 'APPEND_FORWARD' || policy === 'SANITIZE_SET';
  return {
    ...(topology?.numTrustedProxies && { xff_num_trusted_hops: topology.numTrustedProxies }),
    forward_client_cert_details: policy,
    ...(sets && { set_current_client_cert_details: { subject: { value: true }, cert: true, dns: true, uri: true } }),
  };
}

function stated(policy: ClientCertPolicy | undefined): ForwardClientCert | undefined {
  return policy === undefined || policy === 'UNDEFINED' ? undefined : policy;
}
