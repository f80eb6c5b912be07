import type { Listener } from '../../envoy/generated/envoy/config/listener/v3/Listener.ts';
import type { ListenerFilterChainMatchPredicate as Predicate } from '../../envoy/generated/envoy/config/listener/v3/ListenerFilterChainMatchPredicate.ts';
import { typeOf } from '../any-message.ts';
import { placeOf } from '../places.ts';
import type { SimulatedRequest } from '../request.ts';
import type { Step } from '../step.ts';
import { stepOf } from '../steps.ts';
import { type Connection, uninspected, withTls } from './connection.ts';

const tlsInspector = 'envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector';
const httpInspector = 'envoy.extensions.filters.listener.http_inspector.v3.HttpInspector';
/** They tell nothing that a filter chain is chosen by, beyond the address that the client wanted. */
const silent = [
  'envoy.extensions.filters.listener.original_dst.v3.OriginalDst',
  'envoy.extensions.filters.listener.original_src.v3.OriginalSrc',
  'envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol',
];

export interface Inspection {
  readonly connection: Connection;
  readonly step: Step;
}

/** What the listener filters find out before a filter chain is chosen. A filter may be switched off for a port. */
export function inspect(listener: Listener, request: SimulatedRequest): Inspection {
  let connection = uninspected(request);
  const ran: string[] = [];
  const notes: string[] = [];
  for (const { name = '', typed_config, filter_disabled } of listener.listener_filters ?? []) {
    const short = name.slice(name.lastIndexOf('.') + 1);
    if (filter_disabled && holds(filter_disabled, connection.port)) {
      notes.push(`${short} is switched off for port ${connection.port}`);
      continue;
    }
    const type = typeOf(typed_config);
    if (type === tlsInspector) connection = request.tls ? withTls(connection, request.tls) : connection;
    else if (type === httpInspector) connection = withHttp(connection, request);
    else if (!silent.includes(type)) notes.push(`${short} is not evaluated`);
    ran.push(short);
  }
  return { connection, step: inspectorStep(listener, connection, ran, notes) };
}

/** It reads the first line, or the preface of HTTP/2, of what is not known to be TLS. */
function withHttp(connection: Connection, { protocol, tls }: SimulatedRequest): Connection {
  if (connection.transportProtocol === 'tls' || tls !== undefined || protocol === 'tcp') return connection;
  return { ...connection, applicationProtocols: [protocol === 'http' ? 'http/1.1' : 'h2c'] };
}

function inspectorStep(listener: Listener, connection: Connection, ran: readonly string[], notes: readonly string[]): Step {
  const { transportProtocol, serverName, applicationProtocols } = connection;
  const seen = [
    transportProtocol === 'tls' ? 'TLS' : 'no TLS',
    ...(serverName === '' ? [] : [`server name ${serverName}`]),
    ...(applicationProtocols.length === 0 ? [] : [`protocol ${applicationProtocols.join(', ')}`]),
  ];
  return stepOf({
    stage: 'inspectors',
    chosen: ran.join(', '),
    why: ran.length === 0 ? 'nothing is read of the connection before a chain is chosen' : `they see ${seen.join(', ')}`,
    at: placeOf('listener', listener.name ?? '', ['listener_filters'], listener.metadata),
    notes,
  });
}

function holds(predicate: Predicate, port: number): boolean {
  const { any_match, not_match, or_match, and_match, destination_port_range: range } = predicate;
  if (any_match === true) return true;
  if (not_match) return !holds(not_match, port);
  if (or_match) return (or_match.rules ?? []).some((rule) => holds(rule, port));
  if (and_match) return (and_match.rules ?? []).every((rule) => holds(rule, port));
  return range !== null && range !== undefined && port >= (range.start ?? 0) && port < (range.end ?? 0);
}
