import { locateOrigin } from '../locate-origin.ts';
import { mergedGatewayOf } from '../origins/gateway-origin.ts';
import type { FindHints } from './hint-context.ts';

const reasons = {
  'duplicate-hosts': 'another server of the port has the same hosts',
  'protocol-conflict': 'another server of the port speaks another protocol',
  'duplicate-port-name': 'another server has the same port name',
} as const;

/** Servers of the port that were left out when Gateways were merged. */
export const refusedServers: FindHints = ({ proxy, call }) => {
  const port = call.connectTo?.port ?? call.port;
  return (mergedGatewayOf(proxy)?.rejected ?? [])
    .filter((server) => server.port === port)
    .map(({ source, index, reason }) => ({
      message: `a server of Gateway ${source.namespace}/${source.name} is left out: ${reasons[reason]}`,
      advice: 'the older Gateway holds the port',
      origin: locateOrigin(proxy.world, source, ['spec', 'servers', index]),
    }));
};
