import type { ConsulCheck } from './consul-payloads.ts';
import type { InstanceState } from './service-facts.ts';

const ranks: Readonly<Record<InstanceState, number>> = { passing: 0, warning: 1, critical: 2, maintenance: 3 };

/** Of an instance with these checks, its node's included. Without any it is taken to be well, as in Consul. */
export function instanceState(checks: Iterable<ConsulCheck>): InstanceState {
  let worst: InstanceState = 'passing';
  for (const check of checks) {
    const state = stateOf(check);
    if (ranks[state] > ranks[worst]) worst = state;
  }
  return worst;
}

function stateOf({ checkId, status }: ConsulCheck): InstanceState {
  if (checkId === '_node_maintenance' || checkId.startsWith('_service_maintenance:')) return 'maintenance';
  return status === 'passing' || status === 'warning' || status === 'maintenance' ? status : 'critical';
}
