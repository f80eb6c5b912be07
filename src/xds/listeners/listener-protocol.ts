import { isHttp, isTcp, type Protocol } from '../../model/protocol.ts';

/** How a listener treats a port (Istio `ModelProtocolToListenerProtocol`); `none`: it cannot (UDP). */
export type ListenerProtocol = 'http' | 'tcp' | 'auto' | 'none';

export function listenerProtocol(protocol: Protocol): ListenerProtocol {
  if (isHttp(protocol)) return 'http';
  if (isTcp(protocol)) return 'tcp';
  return protocol === 'UDP' ? 'none' : 'auto';
}

/** What remains of a protocol when TLS has been taken off. */
export function afterTlsTermination(protocol: Protocol): Protocol {
  if (protocol === 'HTTPS') return 'HTTP';
  return protocol === 'TLS' ? 'TCP' : protocol;
}
