import { meshGateway } from '../../mesh/routing/resolved-virtual-service.ts';
import type { RuleClient } from '../../mesh/routing/source-match.ts';
import { parseRouteName } from '../../xds/routes/route-name.ts';
import { mergedGatewayOf } from '../origins/gateway-origin.ts';
import type { ServedProxy } from '../served-proxy.ts';

/** What rules may ask about the proxy, on one of its route tables. */
export function ruleClient(proxy: ServedProxy, table: string): RuleClient {
  const { scopes, subject } = proxy;
  const servers = subject.role === 'router' ? (mergedGatewayOf(proxy)?.routes.get(table) ?? []) : [];
  return {
    namespace: subject.namespace,
    labels: scopes.labels,
    gateways: new Set(subject.role === 'router' ? servers.map(({ gateway }) => gateway) : [meshGateway]),
    port: servers[0]?.port.number ?? parseRouteName(table).port,
  };
}
