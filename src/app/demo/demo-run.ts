import { type Clock, delay } from '../../lib/clock.ts';
import { formatIssue } from '../../model/issue.ts';
import type { StartedControlPlane } from '../start-control-plane.ts';
import { gatewayAddress } from './cast.ts';
import type { ChangeLog } from './change-log.ts';
import type { DemoLog } from './demo-log.ts';
import type { DemoProxies } from './demo-proxies.ts';
import type { DemoSnapshot } from './demo-snapshot.ts';
import { proxyStates } from './proxy-state.ts';
import { ServiceRates } from './service-rates.ts';
import type { TrafficClient } from './traffic-client.ts';
import { summarize } from './traffic-window.ts';

export interface DemoRunParts {
  readonly plane: StartedControlPlane;
  readonly proxies: DemoProxies;
  readonly client: TrafficClient;
  readonly changes: ChangeLog;
  readonly log: DemoLog;
  readonly clock: Clock;
  readonly editPath: string;
}

const probeMs = 50;
const rateWindowMs = 3000;

/** The demo while it runs: begins the traffic when the mesh takes it, and says how things are. */
export class DemoRun {
  /** When the steady traffic began; milliseconds since the epoch. */
  trafficSince: number | undefined;
  private readonly parts: DemoRunParts;
  private readonly rates = new ServiceRates(rateWindowMs);

  constructor(parts: DemoRunParts) {
    this.parts = parts;
  }

  /** Resolves when the first request has come back and the steady traffic began, or at the signal. */
  async beginTraffic(signal: AbortSignal): Promise<void> {
    const { client, clock } = this.parts;
    for (; !signal.aborted; await delay(clock, probeMs, signal)) {
      if (!(await client.probe()) || signal.aborted) continue;
      this.trafficSince = clock.now();
      client.start();
      return;
    }
  }

  /** When the last edit had reached every proxy; milliseconds since the epoch. */
  editedAt(): number | undefined {
    const { last } = this.parts.changes;
    return last && last.at + (last.ackedMs ?? 0);
  }

  /** How things are, with the traffic of the given time. */
  async snapshot(since: number, until: number): Promise<DemoSnapshot> {
    const { plane, proxies, client, changes, log, clock, editPath } = this.parts;
    await proxies.read();
    const now = clock.now();
    const from = Math.max(since, this.trafficSince ?? until);
    // what the gateway refused before it had its routes is no traffic
    if (this.trafficSince !== undefined) this.rates.read(now, proxies.counters());
    const issues = plane.plane.issues.get().filter(({ severity }) => severity !== 'info');
    return {
      trafficMs: this.trafficSince === undefined ? undefined : now - this.trafficSince,
      traffic: summarize(client.samples(), from, until, ['v1', 'v2']),
      services: this.rates.rates(),
      proxies: proxyStates(plane.discovery.connections(), proxies.running()),
      change: changes.last,
      issues: issues.map(formatIssue),
      logged: log.last,
      ingress: `${gatewayAddress.host}:${gatewayAddress.port}`,
      xds: plane.xds,
      http: plane.http,
      editPath,
    };
  }
}
