import type { HttpEndpoint } from '../http-endpoint.ts';
import { jsonAnswer } from '../json-answer.ts';
import type { DebugContext } from './debug-context.ts';

/** `/debug/networkz`: the ways between networks, as they were stated or found, in Istio's shape. */
export function networkz({ networkGateways }: DebugContext): HttpEndpoint {
  return {
    path: '/debug/networkz',
    help: 'Gateways between networks',
    answer: (query) =>
      jsonAnswer(
        networkGateways.get().map(({ network, clusterId, address, port }) => ({
          Network: network,
          Cluster: clusterId,
          Addr: address,
          Port: port,
          HBONEPort: 0,
          ServiceAccount: { Namespace: '', Name: '' },
        })),
        query,
      ),
  };
}
