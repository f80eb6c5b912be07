import { Counter, Gauge, type Registry } from 'prom-client';

/** The resource of a review, as the API server names it. */
interface Resource {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

/** What a replica does for its cluster beside serving proxies: under Istio's names where Istio has one. */
export interface DutyMetrics {
  leads(lock: string, isLeading: boolean): void;
  statusWritten(outcome: 'written' | 'failed'): void;
  passed(resource: Resource): void;
  failed(resource: Resource, reason: string): void;
  httpError(status: number): void;
  configurationUpdated(): void;
  configurationFailed(reason: string): void;
}

export function dutyMetrics(registry: Registry): DutyMetrics {
  const registers = [registry];
  const counter = (name: string, help: string, labelNames: string[] = []) => new Counter({ name, help, labelNames, registers });
  const leading = new Gauge({
    name: 'coxswain_leader',
    help: '1 where this replica leads, by the name of the lease.',
    labelNames: ['lock'],
    registers,
  });
  const statuses = counter('coxswain_status_writes_total', 'Statuses of objects that were written, or could not be.', ['outcome']);
  const resourceLabels = ['group', 'version', 'resource'];
  const passes = counter('galley_validation_passed', 'Objects that the webhook found in order.', resourceLabels);
  const failures = counter('galley_validation_failed', 'Objects that the webhook refused.', [...resourceLabels, 'reason']);
  const httpErrors = counter('galley_validation_http_error', 'Requests to the webhook that were no valid reviews.', ['status']);
  const updates = counter('galley_validation_config_updates', 'Updates of webhook configurations.');
  const updateErrors = counter('galley_validation_config_update_error', 'Failures to update webhook configurations.', ['reason']);
  return {
    leads: (lock, isLeading) => leading.set({ lock }, isLeading ? 1 : 0),
    statusWritten: (outcome) => statuses.inc({ outcome }),
    passed: ({ group, version, resource }) => passes.inc({ group, version, resource }),
    failed: ({ group, version, resource }, reason) => failures.inc({ group, version, resource, reason }),
    httpError: (status) => httpErrors.inc({ status }),
    configurationUpdated: () => updates.inc(),
    configurationFailed: (reason) => updateErrors.inc({ reason }),
  };
}
