import type { ConnectionStatus } from '../../discovery/connection-status.ts';
import { cast } from './cast.ts';

export interface ProxyState {
  readonly name: string;
  /** Where it takes requests. */
  readonly address: string;
  readonly state: 'starting' | 'connecting' | 'waiting' | 'refused' | 'in sync';
  /** What it waits for or refused; the types that it holds where it is in sync. */
  readonly detail: string;
}

/** Whether each proxy of the cast has what the control plane has for it. `running`: whose Envoy answers. */
export function proxyStates(connections: readonly ConnectionStatus[], running: ReadonlySet<string>): readonly ProxyState[] {
  const byName = new Map(connections.map((connection) => [workloadOf(connection.nodeId), connection]));
  return cast.map(({ name, address, inboundPort }) => ({
    name,
    address: `${address}:${inboundPort}`,
    ...stateOf(byName.get(name), running.has(name)),
  }));
}

function stateOf(connection: ConnectionStatus | undefined, isRunning: boolean): Pick<ProxyState, 'state' | 'detail'> {
  if (!isRunning) return { state: 'starting', detail: '' };
  if (!connection || connection.watches.length === 0) return { state: 'connecting', detail: '' };
  const refused = connection.watches.find(({ lastError }) => lastError !== '');
  if (refused) return { state: 'refused', detail: `${shortType(refused.typeUrl)}: ${refused.lastError.split('\n')[0]}` };
  const late = connection.watches.filter(({ isSynced }) => !isSynced);
  const types = late.length > 0 ? late : connection.watches;
  return { state: late.length > 0 ? 'waiting' : 'in sync', detail: types.map(({ typeUrl }) => shortType(typeUrl)).join(' ') };
}

/** `sidecar~127.0.1.20~frontend.demo~demo.svc.cluster.local` -> `frontend`. */
function workloadOf(nodeId: string): string {
  return nodeId.split('~')[2]?.split('.')[0] ?? '';
}

/** Short names of the types as Istio's tools print them; the last part of the URL where there is none. */
const shortTypes: Readonly<Record<string, string>> = {
  'envoy.config.cluster.v3.Cluster': 'CDS',
  'envoy.config.endpoint.v3.ClusterLoadAssignment': 'EDS',
  'envoy.config.listener.v3.Listener': 'LDS',
  'envoy.config.route.v3.RouteConfiguration': 'RDS',
  'envoy.config.route.v3.VirtualHost': 'VHDS',
  'envoy.extensions.transport_sockets.tls.v3.Secret': 'SDS',
};

function shortType(typeUrl: string): string {
  const name = typeUrl.slice(typeUrl.lastIndexOf('/') + 1);
  return shortTypes[name] ?? name.slice(name.lastIndexOf('.') + 1);
}
