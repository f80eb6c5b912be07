import type { Registry } from 'prom-client';
import { dutyMetrics } from '../../admin/metrics/duty-metrics.ts';
import type { KubeClient } from '../../kubernetes/kube-client.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Logger } from '../../lib/log.ts';
import type { ProxyRefusals } from '../../status/proxy-refusals.ts';
import type { ControlPlane } from '../control-plane.ts';
import { cannotListen } from '../startup-error.ts';
import { runElections } from './cluster-elections.ts';
import { readDutySettings } from './duty-settings.ts';
import { leadIngressStatuses } from './ingress-duty.ts';
import { StatusDuty } from './status-duty.ts';
import { startWebhook, type WebhookDuty } from './webhook-duty.ts';

export interface ClusterDutiesOptions {
  readonly plane: ControlPlane;
  readonly client: KubeClient;
  /** `HOST:PORT`; no webhook is served where it is not said. */
  readonly webhookAddress: string | undefined;
  readonly refusals: ProxyRefusals;
  readonly registry: Registry;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What a control plane does for its cluster beside serving proxies, under way. */
export interface ClusterDuties {
  /** What proxies refuse may have changed. */
  readonly refusalsChanged: () => void;
  /** `HOST:PORT` of the webhook. */
  readonly webhook: string | undefined;
  /** Resolves after the signal, when everything is let go of. */
  readonly done: Promise<unknown>;
}

/** Serves the webhook, stands for election and does what leaders do, until the signal. */
export async function startClusterDuties(options: ClusterDutiesOptions, signal: AbortSignal): Promise<ClusterDuties> {
  const { plane, client, webhookAddress, refusals, registry, env, clock, log } = options;
  const settings = readDutySettings(env);
  const metrics = dutyMetrics(registry);
  const shared = { client, settings, metrics, clock };
  let webhook: WebhookDuty | undefined;
  if (webhookAddress !== undefined) {
    webhook = await startWebhook({ ...shared, address: webhookAddress, log: log.scoped('webhook') }, signal).catch((error: unknown) => {
      throw cannotListen('--webhook-address', webhookAddress, error);
    });
  }
  const statuses = new StatusDuty({ ...shared, plane, refusals, log: log.scoped('status') });
  const elections = runElections(
    {
      ...shared,
      log: log.scoped('kube'),
      leadMesh: async (term) => {
        const ingresses = leadIngressStatuses({ ...shared, plane, env, log: log.scoped('status') }, term);
        await Promise.all([statuses.lead(term, (revision) => revision === ''), ingresses]);
      },
      leadRevision: async (term) => {
        await Promise.all([statuses.lead(term, (revision) => revision === settings.revision), webhook?.lead(term)]);
      },
    },
    signal,
  );
  return { refusalsChanged: () => statuses.changed(), webhook: webhook?.address, done: Promise.all([elections, statuses.run(signal)]) };
}
