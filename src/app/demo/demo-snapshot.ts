import type { ConfigChange } from './change-log.ts';
import type { ProxyState } from './proxy-state.ts';
import type { ServiceRate } from './service-rates.ts';
import type { TrafficSummary } from './traffic-window.ts';

/** Everything that the views of the demo show, at one moment. */
export interface DemoSnapshot {
  /** Since the first request was answered; undefined before. */
  readonly trafficMs: number | undefined;
  readonly traffic: TrafficSummary;
  readonly services: readonly ServiceRate[];
  readonly proxies: readonly ProxyState[];
  readonly change: ConfigChange | undefined;
  /** What is wrong with the configuration: `file:line:col: ...`. */
  readonly issues: readonly string[];
  /** The last line that a part wrote to the log. */
  readonly logged: string | undefined;
  readonly ingress: string;
  readonly xds: string;
  /** Of the control plane: readiness, metrics and /debug. */
  readonly http: string;
  /** The file that is the most fun to edit. */
  readonly editPath: string;
}

/** `3 of 5 in sync`. */
export function syncText(proxies: readonly ProxyState[]): string {
  const synced = proxies.filter(({ state }) => state === 'in sync').length;
  return `${synced} of ${proxies.length} in sync`;
}

/** What became of the last edit. */
export function changeText({ objects, file, ackedMs }: ConfigChange, proxies: readonly ProxyState[]): string {
  const what = objects.length === 1 ? objects[0] : `${objects[0]} and ${objects.length - 1} more`;
  const where = file === undefined ? what : `${what} (${file})`;
  const isDone = proxies.every(({ state }) => state === 'in sync');
  if (!isDone) return `${where}: on its way to the proxies`;
  return ackedMs === undefined ? `${where}: nothing new for the proxies` : `${where}: all proxies in sync after ${formatMs(ackedMs)}`;
}

/** `0.8 ms`, `12 ms`. */
export function formatMs(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

export function formatPercent(share: number): string {
  const percent = share * 100;
  // never 100 % while something failed
  return share < 1 && percent > 99.9 ? '99.9%' : `${percent.toFixed(percent === 100 || percent === 0 ? 0 : 1)}%`;
}
