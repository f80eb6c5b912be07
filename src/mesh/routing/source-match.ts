import { type Labels, selects } from '../../model/labels.ts';
import type { HttpMatch } from '../../schema/virtual-service/http-match.ts';
import type { L4Match, TlsMatch } from '../../schema/virtual-service/virtual-service.ts';

/** What a rule may ask about the proxy it would be given to: all of it is decided when configuration is made. */
export interface RuleClient {
  readonly namespace: string;
  readonly labels: Labels;
  /** What the proxy is: `mesh`, or the gateway as `namespace/name`. */
  readonly gateways: ReadonlySet<string>;
  /** Port of the listener; 0 for an HTTP proxy or a Unix socket. */
  readonly port: number;
}

/** Istio never looks at sourceLabels and sourceNamespace of an HTTP match that names gateways (`sourceMatchHTTP`). */
export function httpMatchApplies(match: HttpMatch, client: RuleClient): boolean {
  if (match.port !== undefined && match.port !== 0 && match.port !== client.port) return false;
  if (match.gateways !== undefined && match.gateways.length > 0) return match.gateways.some((gateway) => client.gateways.has(gateway));
  return selects(match.sourceLabels ?? {}, client.labels) && namespaceApplies(match.sourceNamespace, client);
}

/** TCP and TLS matches hold only if all their parts do (Istio `matchTCP`, `matchTLS`). */
export function l4MatchApplies(match: L4Match | TlsMatch, client: RuleClient): boolean {
  const gateways = match.gateways ?? [];
  return (
    (gateways.length === 0 || gateways.some((gateway) => client.gateways.has(gateway))) &&
    selects(match.sourceLabels ?? {}, client.labels) &&
    (match.port === undefined || match.port === 0 || match.port === client.port) &&
    namespaceApplies(match.sourceNamespace, client)
  );
}

function namespaceApplies(namespace: string | undefined, client: RuleClient): boolean {
  return namespace === undefined || namespace === '' || namespace === client.namespace;
}
