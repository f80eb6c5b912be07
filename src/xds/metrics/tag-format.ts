/**
 * What an expression of a Telemetry object means as an access-log format, where it is one attribute or a literal. Undefined: stock
 * Envoy would have to evaluate it for every request, and would refuse the whole listener if it does not know a word of it.
 */
export function tagFormat(expression: string): string | undefined {
  const text = expression.trim();
  const literal = /^(?:'([^'\\%]+)'|"([^"\\%]+)")$/.exec(text);
  if (literal !== null) return literal[1] ?? literal[2];
  const [, side, header] = /^(request|response)\.headers\[(?:'|")([A-Za-z0-9_-]+)(?:'|")\]$/.exec(text) ?? [];
  if (header !== undefined) return side === 'request' ? `%REQ(${header})%` : `%RESP(${header})%`;
  return attributes.get(text);
}

/** Envoy's attributes that it also has as formats. */
const attributes: ReadonlyMap<string, string> = new Map([
  ['request.host', '%REQ(:AUTHORITY)%'],
  ['request.method', '%REQ(:METHOD)%'],
  ['request.path', '%REQ(:PATH)%'],
  ['request.url_path', '%PATH(NQ)%'],
  ['request.scheme', '%REQ(:SCHEME)%'],
  ['request.referer', '%REQ(REFERER)%'],
  ['request.useragent', '%REQ(USER-AGENT)%'],
  ['request.id', '%REQ(X-REQUEST-ID)%'],
  ['request.protocol', '%PROTOCOL%'],
  ['response.code', '%RESPONSE_CODE%'],
  ['response.code_details', '%RESPONSE_CODE_DETAILS%'],
  ['response.grpc_status', '%GRPC_STATUS_NUMBER%'],
  ['connection.requested_server_name', '%REQUESTED_SERVER_NAME%'],
  ['connection.tls_version', '%DOWNSTREAM_TLS_VERSION%'],
  ['connection.uri_san_peer_certificate', '%DOWNSTREAM_PEER_URI_SAN%'],
  ['connection.subject_peer_certificate', '%DOWNSTREAM_PEER_SUBJECT%'],
  ['upstream.uri_san_peer_certificate', '%UPSTREAM_PEER_URI_SAN%'],
  ['source.port', '%DOWNSTREAM_REMOTE_PORT%'],
  ['destination.port', '%DOWNSTREAM_LOCAL_PORT%'],
  ['xds.route_name', '%ROUTE_NAME%'],
  ['xds.cluster_name', '%UPSTREAM_CLUSTER_RAW%'],
]);
