import { gatewayIssues } from '../../mesh/gateways/gateway-issues.ts';
import { locateOrigin } from '../locate-origin.ts';
import { mergedGatewayOf } from '../origins/gateway-origin.ts';
import type { FindHints } from './hint-context.ts';

/** Servers of the port that were left out when Gateways were merged, and hosts of servers that others have. */
export const refusedServers: FindHints = ({ proxy, call }) => {
  const merged = mergedGatewayOf(proxy);
  if (merged === undefined) return [];
  return gatewayIssues(merged, call.connectTo?.port ?? call.port).flatMap(({ object, path = [], message, hint }) =>
    object === undefined
      ? []
      : {
          message: `a server of Gateway ${object.namespace}/${object.name}: ${message}`,
          advice: hint ?? 'the older Gateway holds the port',
          origin: locateOrigin(proxy.world, object, path),
        },
  );
};
