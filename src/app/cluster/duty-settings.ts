import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { istioLeaseTimes, type LeaseTimes } from '../../kubernetes/leader-term.ts';
import { parseDurationMs } from '../../lib/duration.ts';

/** What a replica does for its cluster, as the environment says it; the names are istiod's where it has one. */
export interface DutySettings {
  readonly namespace: string;
  readonly revision: string;
  /** Of this replica: its pod. */
  readonly replica: string;
  /** Of this process. */
  readonly identity: string;
  readonly electsLeader: boolean;
  readonly leaseTimes: LeaseTimes;
  /** Whether objects that are refused, or invalid, get a condition. */
  readonly writesStatus: boolean;
  /** Whether results of validation and analysis are written as istiod writes them. */
  readonly withAnalysis: boolean;
  /** How often the webhook gets another certificate; what signs it is replaced one such time before it is used. */
  readonly renewalMs: number;
}

const dayMs = 86_400_000;

export function readDutySettings(env: Readonly<Record<string, string | undefined>>): DutySettings {
  const process = randomBytes(4).toString('hex');
  const replica =
    env['POD_NAME'] ||
    `${hostname()
      .toLowerCase()
      .replace(/[^a-z0-9.-]/g, '-')}-${process}`;
  return {
    namespace: env['ISTIOD_NAMESPACE'] ?? env['POD_NAMESPACE'] ?? 'istio-system',
    revision: env['REVISION'] || 'default',
    replica,
    identity: `${replica}_${process}`,
    electsLeader: env['ENABLE_LEADER_ELECTION'] !== 'false',
    leaseTimes: leaseTimes(env['COXSWAIN_LEASE_DURATION']),
    writesStatus: env['COXSWAIN_STATUS'] !== 'false',
    withAnalysis: env['PILOT_ENABLE_ANALYSIS'] === 'true',
    renewalMs: renewalOf(env['COXSWAIN_WEBHOOK_RENEWAL']),
  };
}

function renewalOf(duration: string | undefined): number {
  const parsed = duration === undefined ? undefined : parseDurationMs(duration);
  return parsed !== undefined && parsed >= 1000 && parsed <= dayMs ? parsed : dayMs;
}

/** The other times keep istiod's proportions. */
function leaseTimes(duration: string | undefined): LeaseTimes {
  const parsed = duration === undefined ? undefined : parseDurationMs(duration);
  const durationMs = parsed !== undefined && parsed >= 1000 ? parsed : istioLeaseTimes.durationMs;
  return { durationMs, renewDeadlineMs: durationMs / 2, retryMs: durationMs / 4 };
}
