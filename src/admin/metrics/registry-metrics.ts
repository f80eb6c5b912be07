import { Gauge, type Registry } from 'prom-client';
import type { RegistryState, RegistryStatus } from '../../registry/registry-status.ts';
import type { DebugContext } from '../debug/debug-context.ts';

const states: readonly RegistryState[] = ['Syncing', 'Synced', 'Stale'];

/** The numbers of each registry, looked at when somebody asks for the metrics. A registry that has gone has none. */
export function addRegistryMetrics(registry: Registry, { registries, conflicts, healthDisagreements }: DebugContext): void {
  const gauge = (name: string, help: string, figureOf: (status: RegistryStatus) => number | undefined) =>
    new Gauge({
      name,
      help,
      labelNames: ['registry', 'provider'],
      registers: [registry],
      collect() {
        this.reset();
        for (const status of registries()) {
          const value = figureOf(status);
          if (value !== undefined) this.set({ registry: status.id, provider: status.provider }, value);
        }
      },
    });
  gauge('coxswain_registry_services', 'Services that a registry knows.', ({ services }) => services);
  gauge('coxswain_registry_endpoints', 'Endpoints that a registry knows.', ({ endpoints }) => endpoints);
  gauge('coxswain_registry_lag_seconds', 'How far the view of a registry is behind it.', ({ lagMs }) => lagMs / 1000);
  gauge('coxswain_registry_last_success_timestamp_seconds', 'When a registry last gave a complete answer.', ({ lastSuccessAt }) =>
    lastSuccessAt === undefined ? undefined : lastSuccessAt / 1000,
  );
  gauge('coxswain_registry_errors', 'Failures of a registry since the start.', ({ errors }) => errors);
  gauge('coxswain_registry_requests', 'Questions that a registry was asked since the start.', ({ requests }) => requests);
  gauge(
    'coxswain_registry_kept_endpoints',
    'Instances that a registry has not listed since an outage, and that are kept for a while.',
    ({ kept }) => kept,
  );
  gauge(
    'coxswain_registry_conflicts',
    'Hosts and ports about which a registry disagrees with a stronger one; /debug/registryz?status tells which.',
    ({ id }) => conflicts.get().filter((conflict) => conflict.registry === id).length,
  );
  new Gauge({
    name: 'coxswain_registry_state',
    help: '1 for the state that a registry is in, 0 for the others.',
    labelNames: ['registry', 'provider', 'state'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { id, provider, state } of registries()) {
        for (const each of states) this.set({ registry: id, provider, state: each }, each === state ? 1 : 0);
      }
    },
  });
  new Gauge({
    name: 'coxswain_registry_health_disagreements',
    help: 'Endpoints that are healthy for one registry with health checks and not for another.',
    registers: [registry],
    collect() {
      this.set(healthDisagreements());
    },
  });
}
