import type { DutyMetrics } from '../../admin/metrics/duty-metrics.ts';
import type { KubeClient } from '../../kubernetes/kube-client.ts';
import type { LeaderTerm } from '../../kubernetes/leader-term.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Logger } from '../../lib/log.ts';
import { ingressStatuses } from '../../mesh/cells/ingress-statuses.ts';
import { StatusWriter } from '../../status/status-writer.ts';
import type { ControlPlane } from '../control-plane.ts';
import { ingressNamespace } from '../ingress-namespace.ts';

export interface IngressDutyOptions {
  readonly plane: ControlPlane;
  readonly client: KubeClient;
  readonly metrics: DutyMetrics;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What a leader does for Ingresses, while its term lasts: their statuses say where the gateway is reached that serves them. */
export async function leadIngressStatuses({ plane, env, metrics, ...options }: IngressDutyOptions, term: LeaderTerm): Promise<void> {
  const { engine, config, mesh } = plane;
  const inputs = {
    objects: config.table('Ingress'),
    classes: config.table('IngressClass'),
    services: config.table('Service'),
    pods: config.table('Pod'),
    nodes: config.table('Node'),
    gatewayNamespace: ingressNamespace(env),
  };
  const statuses = ingressStatuses(engine, inputs, mesh.settings);
  const writer = new StatusWriter({
    ...options,
    term,
    random: Math.random,
    pathOf: ({ namespace, name }) => `/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses/${name}`,
    next({ namespace, name }) {
      const wanted = statuses.lookup(`${namespace}/${name}`);
      return wanted === undefined ? {} : { loadBalancer: { ingress: wanted } };
    },
    isMine: () => true,
    onWritten: (outcome) => metrics.statusWritten(outcome),
  });
  const look = () => {
    for (const key of statuses.get().keys()) {
      const [namespace = '', name = ''] = key.split('/');
      writer.look({ kind: 'Ingress', namespace, name });
    }
  };
  const stop = engine.observe(statuses, look);
  look();
  await writer.run();
  stop();
}
