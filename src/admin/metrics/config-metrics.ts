import { Counter, Gauge, type Registry } from 'prom-client';
import type { Issue, Severity } from '../../model/issue.ts';
import type { DebugContext } from '../debug/debug-context.ts';

const severities: readonly Severity[] = ['error', 'warning', 'info'];

/** What the mesh consists of and what is wrong with it; looked at when somebody asks for the metrics. */
export function addConfigMetrics(registry: Registry, { services, kinds, table, issues }: DebugContext): void {
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(value());
      },
    });
  gauge('pilot_services', 'Services of all registries.', () => services.get().size);
  gauge('pilot_virt_services', 'VirtualServices.', () => table('VirtualService').get().size);
  new Gauge({
    name: 'coxswain_config_objects',
    help: 'Objects in force, by kind.',
    labelNames: ['kind'],
    registers: [registry],
    collect() {
      for (const { kind } of kinds) this.set({ kind }, table(kind).get().size);
    },
  });
  new Gauge({
    name: 'coxswain_config_issues',
    help: 'What is wrong with the configuration right now; /debug/issuesz tells what.',
    labelNames: ['severity'],
    registers: [registry],
    collect() {
      const current = issues.get();
      for (const severity of severities) this.set({ severity }, current.filter((issue) => issue.severity === severity).length);
    },
  });
}

/** Counts configuration that was turned away: an object with an error is left out. Call it once for each issue that is new. */
export function rejectedConfigCounter(registry: Registry): (issue: Issue) => void {
  const counter = new Counter({
    name: 'pilot_total_rejected_configs',
    help: 'Errors found in objects, which were left out because of them; by kind and namespace/name.',
    labelNames: ['type', 'name'],
    registers: [registry],
  });
  return ({ severity, object }) => {
    if (severity === 'error' && object) counter.inc({ type: object.kind.toLowerCase(), name: `${object.namespace}/${object.name}` });
  };
}

/** What an update is about, in Istio's words (`pilot_inbound_updates`). */
export type UpdateType = 'config' | 'svc' | 'svcdelete' | 'eds';

/** Counts what sources hand over. */
export function inboundUpdateCounter(registry: Registry): (type: UpdateType) => void {
  const counter = new Counter({
    name: 'pilot_inbound_updates',
    help: 'Changed objects that were handed over by the sources of configuration.',
    labelNames: ['type'],
    registers: [registry],
  });
  return (type) => counter.inc({ type });
}
