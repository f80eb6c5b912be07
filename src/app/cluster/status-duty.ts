import type { DutyMetrics } from '../../admin/metrics/duty-metrics.ts';
import type { KubeClient } from '../../kubernetes/kube-client.ts';
import type { LeaderTerm } from '../../kubernetes/leader-term.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Logger } from '../../lib/log.ts';
import { FactBoard } from '../../status/fact-board.ts';
import type { Refusal } from '../../status/object-facts.ts';
import { objectPath } from '../../status/object-path.ts';
import type { ProxyRefusals } from '../../status/proxy-refusals.ts';
import { readReports } from '../../status/read-reports.ts';
import { mergeRefusals, RefusalReport } from '../../status/refusal-report.ts';
import { writeStatuses } from '../../status/write-statuses.ts';
import type { ControlPlane } from '../control-plane.ts';
import type { DutySettings } from './duty-settings.ts';

export interface StatusDutyOptions {
  readonly plane: ControlPlane;
  readonly refusals: ProxyRefusals;
  readonly client: KubeClient;
  readonly settings: DutySettings;
  readonly metrics: DutyMetrics;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What happens within this time is said together. */
const gatherMs = 500;

/** Statuses of objects: every replica reports what its proxies refuse, the leaders write. */
export class StatusDuty {
  private readonly options: StatusDutyOptions;
  private readonly board: FactBoard;
  private readonly report: RefusalReport;
  private elsewhere: readonly (readonly Refusal[])[] = [];
  private isScheduled = false;

  constructor(options: StatusDutyOptions) {
    const { plane, refusals, client, settings, clock, log } = options;
    this.options = options;
    this.board = new FactBoard({
      issues: () => plane.config.issues.get(),
      refusals: () => mergeRefusals([refusals.refusals(), ...this.elsewhere]),
      hasStatus: (ref) => objectPath(ref) !== undefined && plane.config.positionOf(ref, []) === undefined,
    });
    const { namespace, replica } = settings;
    this.report = new RefusalReport({ client, namespace, replica, refusals: () => refusals.refusals(), clock, log });
  }

  /** What there is to say may have changed. */
  changed(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    this.options.clock.setTimeout(() => this.look(), gatherMs, { unref: true });
  }

  /** What every replica does, until the signal. */
  async run(signal: AbortSignal): Promise<void> {
    const { plane, settings } = this.options;
    if (!settings.writesStatus) return;
    const stop = plane.engine.observe(plane.config.issues, () => this.changed());
    signal.addEventListener('abort', stop, { once: true });
    this.changed();
    await this.report.run(signal);
  }

  /** What a leader does; `isMine` says whether it writes to objects with that label of a revision, empty for none. */
  async lead(term: LeaderTerm, isMine: (revision: string) => boolean): Promise<void> {
    const { client, settings, metrics, clock, log } = this.options;
    if (!settings.writesStatus) return;
    const { namespace, replica, withAnalysis } = settings;
    const onRead = (refusals: readonly (readonly Refusal[])[]) => {
      this.elsewhere = refusals;
      this.changed();
    };
    await Promise.all([
      readReports({ client, namespace, replica, clock, monotonic: () => performance.now(), log, onRead }, term),
      writeStatuses(
        {
          client,
          board: this.board,
          isMine,
          withAnalysis,
          clock,
          random: Math.random,
          log,
          onWritten: (outcome) => metrics.statusWritten(outcome),
        },
        term,
      ),
    ]);
  }

  private look(): void {
    this.isScheduled = false;
    this.board.refresh();
    this.report.changed();
  }
}
