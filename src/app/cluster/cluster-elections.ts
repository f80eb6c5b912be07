import type { DutyMetrics } from '../../admin/metrics/duty-metrics.ts';
import { readDefaultRevision } from '../../kubernetes/default-revision.ts';
import type { KubeClient } from '../../kubernetes/kube-client.ts';
import { LeaderElection } from '../../kubernetes/leader-election.ts';
import { endlessTerm, type LeaderTerm } from '../../kubernetes/leader-term.ts';
import { LeaseStore } from '../../kubernetes/lease-store.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Logger } from '../../lib/log.ts';
import type { DutySettings } from './duty-settings.ts';

export interface ClusterElectionsOptions {
  readonly client: KubeClient;
  readonly settings: DutySettings;
  readonly metrics: DutyMetrics;
  readonly clock: Clock;
  readonly log: Logger;
  /** Done by one replica of all: what concerns objects of no revision. */
  readonly leadMesh: (term: LeaderTerm) => Promise<void>;
  /** Done by one replica of each revision: what concerns its own objects. */
  readonly leadRevision: (term: LeaderTerm) => Promise<void>;
}

/** Istio's lock of statuses; the one of a revision has the revision behind it. */
const lock = 'istio-status-leader';

/**
 * Two leases, so that every object has one writer, also while two revisions run (F17): one among all replicas, which the revision comes
 * first to that the tag `default` points at, and one within the revision. Resolves when both are let go of.
 */
export async function runElections(options: ClusterElectionsOptions, signal: AbortSignal): Promise<void> {
  const { client, settings, leadMesh, leadRevision } = options;
  if (!settings.electsLeader) {
    const term = endlessTerm(signal);
    await Promise.all([leadMesh(term), leadRevision(term)]);
    return;
  }
  const isBefore = async (holderKey: string) =>
    holderKey !== settings.revision && (await readDefaultRevision(client)) === settings.revision;
  await Promise.all([
    election(options, lock, leadMesh, isBefore).run(signal),
    election(options, `${lock}-${settings.revision}`, leadRevision).run(signal),
  ]);
}

function election(
  { client, settings, metrics, clock, log }: ClusterElectionsOptions,
  name: string,
  lead: (term: LeaderTerm) => Promise<void>,
  isBefore?: (holderKey: string) => Promise<boolean>,
): LeaderElection {
  return new LeaderElection({
    store: new LeaseStore({ client, namespace: settings.namespace, name }),
    identity: settings.identity,
    key: settings.revision,
    ...(isBefore && { isBefore }),
    times: settings.leaseTimes,
    clock,
    monotonic: () => performance.now(),
    random: Math.random,
    log,
    lead,
    onLeading: (isLeading) => metrics.leads(name, isLeading),
  });
}
