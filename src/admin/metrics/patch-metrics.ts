import { Gauge, type Registry } from 'prom-client';
import type { ApplyTo } from '../../xds/patches/compiled-patch.ts';
import type { Patching } from '../../xds/views/patching.ts';

/** Istio's names of what is patched. */
const patchTypes: Partial<Readonly<Record<ApplyTo, string>>> = {
  LISTENER: 'listener',
  LISTENER_FILTER: 'listenerfilter',
  FILTER_CHAIN: 'filterchain',
  NETWORK_FILTER: 'networkfilter',
  HTTP_FILTER: 'httpfilter',
  ROUTE_CONFIGURATION: 'route',
  VIRTUAL_HOST: 'vhost',
  HTTP_ROUTE: 'route',
  CLUSTER: 'cluster',
};

/** Which EnvoyFilters have changed anything, and which could not be applied somewhere (Istio, with PILOT_ENVOY_FILTER_STATS). */
export function addPatchMetrics(registry: Registry, { sets, outcomes }: Pick<Patching, 'sets' | 'outcomes'>): void {
  new Gauge({
    name: 'pilot_envoy_filter_status',
    help: 'Status of Envoy filters whether it was applied or errored.',
    labelNames: ['name', 'patch', 'result'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [name, { patches, issues }] of sets.filters.get()) {
        if (issues.some(({ severity }) => severity === 'error')) this.set({ name, patch: '', result: 'error' }, 1);
        for (const patch of patches.values()) {
          const type = patchTypes[patch.applyTo];
          if (type === undefined) continue;
          const applied = { name, patch: type, result: 'applied' };
          if (outcomes.hasApplied(patch)) this.set(applied, 1);
          else this.inc(applied, 0);
          if (outcomes.failuresOf(patch).size > 0) this.set({ name, patch: type, result: 'error' }, 1);
        }
      }
    },
  });
}
