/** Application protocols of a service port, as Istio's `pkg/config/protocol` knows them. `Auto` means: sniff it. */
export type Protocol =
  | 'HTTP'
  | 'HTTP_PROXY'
  | 'HTTP2'
  | 'HTTPS'
  | 'GRPC'
  | 'GRPC-Web'
  | 'TCP'
  | 'TLS'
  | 'UDP'
  | 'Mongo'
  | 'Redis'
  | 'MySQL'
  | 'HBONE'
  | 'DoubleHBONE'
  | 'Auto';

const byName: ReadonlyMap<string, Protocol> = new Map<string, Protocol>([
  ['tcp', 'TCP'],
  ['udp', 'UDP'],
  ['grpc', 'GRPC'],
  ['grpc-web', 'GRPC-Web'],
  ['http', 'HTTP'],
  ['http_proxy', 'HTTP_PROXY'],
  ['http2', 'HTTP2'],
  ['https', 'HTTPS'],
  ['tls', 'TLS'],
  ['mongo', 'Mongo'],
  ['redis', 'Redis'],
  ['mysql', 'MySQL'],
  ['hbone', 'HBONE'],
]);

/** Parses a ServiceEntry or Gateway port protocol, ignoring case; anything unknown or empty is `Auto`. */
export function parseProtocol(text: string | undefined): Protocol {
  return byName.get((text ?? '').toLowerCase()) ?? 'Auto';
}

/** Ports on which Istio assumes server-first TCP when nothing names a protocol. */
const wellKnownTcpPorts: ReadonlySet<number> = new Set([25, 53, 3306, 27017]);

/**
 * Protocol of a Kubernetes Service port: appProtocol beats the name, the name counts up to its first `-`
 * (Istio `pkg/config/kube/conversion.go`).
 */
export function protocolOfKubePort(port: number, name: string, transport: string, appProtocol: string | undefined): Protocol {
  if (transport === 'UDP') return 'UDP';
  let text = name;
  if (appProtocol !== undefined) {
    text = appProtocol;
    if (text === 'kubernetes.io/h2c') return 'HTTP2';
    if (text === 'kubernetes.io/ws') return 'HTTP';
    if (text === 'kubernetes.io/wss') return 'HTTPS';
  }
  if (wellKnownTcpPorts.has(port) && byName.get(prefixOf(text)) === undefined) return 'TCP';
  if (text.length >= 8 && text.slice(0, 8).toLowerCase() === 'grpc-web') return 'GRPC-Web';
  return byName.get(prefixOf(text)) ?? 'Auto';
}

function prefixOf(text: string): string {
  const dash = text.indexOf('-');
  return (dash >= 0 ? text.slice(0, dash) : text).toLowerCase();
}

export function isHttp(protocol: Protocol): boolean {
  return protocol === 'HTTP' || protocol === 'HTTP2' || protocol === 'HTTP_PROXY' || protocol === 'GRPC' || protocol === 'GRPC-Web';
}

export function isHttp2(protocol: Protocol): boolean {
  return protocol === 'HTTP2' || protocol === 'GRPC' || protocol === 'GRPC-Web';
}

export function isTls(protocol: Protocol): boolean {
  return protocol === 'TLS' || protocol === 'HTTPS';
}

export function isTcp(protocol: Protocol): boolean {
  return (
    protocol === 'TCP' || protocol === 'HTTPS' || protocol === 'TLS' || protocol === 'Mongo' || protocol === 'Redis' || protocol === 'MySQL'
  );
}
