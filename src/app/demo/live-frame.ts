import { changeText, type DemoSnapshot, formatMs, formatPercent, syncText } from './demo-snapshot.ts';
import type { ProxyState } from './proxy-state.ts';
import type { ServiceRate } from './service-rates.ts';
import { bold, cropped, dim, good, type Line, plain, warn, wrapped } from './styled-line.ts';
import type { VersionShare } from './traffic-window.ts';

export interface FrameSize {
  readonly columns: number;
  readonly rows: number;
}

/** The live view as lines that fit the terminal: what it shows is decided here, how it gets there in `LiveScreen`. */
export function liveFrame(snapshot: DemoSnapshot, { columns, rows }: FrameSize): readonly Line[] {
  const sections = [
    header(snapshot),
    services(snapshot),
    versions(snapshot.traffic.versions, columns),
    proxies(snapshot.proxies),
    notes(snapshot, columns),
  ];
  const most = Math.max(1, rows - 1);
  const spaced = sections.flatMap((section) => [...section, []]);
  const lines = spaced.length <= most ? spaced : sections.flat();
  return lines.slice(0, most).map((line) => cropped(line, columns));
}

function header({ trafficMs, ingress, http, proxies: states }: DemoSnapshot): readonly Line[] {
  const since = trafficMs === undefined ? 'starting' : `traffic for ${formatClock(trafficMs)}`;
  return [
    [
      bold('Coxswain demo'),
      plain(`  ${since}  `),
      states.every(({ state }) => state === 'in sync') ? good(syncText(states)) : warn(syncText(states)),
      dim('  Ctrl-C ends everything'),
    ],
    [dim(`ingress http://${ingress}/   control plane http://${http}/debug`)],
  ];
}

function services({ services: rates, traffic }: DemoSnapshot): readonly Line[] {
  const latency = `p50 ${latencyText(traffic.p50Ms)}   p99 ${latencyText(traffic.p99Ms)}`;
  return [
    [dim(`${'SERVICE'.padEnd(12)}${'INSTANCES'.padStart(10)}${'REQ/S'.padStart(10)}${'SUCCESS'.padStart(10)}`)],
    ...rates.map(serviceLine),
    [
      plain(`${'client'.padEnd(12)}${''.padStart(10)}${traffic.requestsPerSecond.toFixed(1).padStart(10)}`),
      success(traffic.successShare),
      dim(`   ${latency}`),
    ],
  ];
}

function serviceLine({ service, instances, requestsPerSecond, successShare }: ServiceRate): Line {
  return [
    plain(`${service.padEnd(12)}${String(instances).padStart(10)}${requestsPerSecond.toFixed(1).padStart(10)}`),
    success(successShare),
  ];
}

function success(share: number) {
  const text = formatPercent(share).padStart(10);
  return share === 1 ? good(text) : warn(text);
}

function versions(shares: readonly VersionShare[], columns: number): readonly Line[] {
  const width = Math.max(10, Math.min(50, columns - 30));
  return shares.map(({ version, share }) => {
    const filled = Math.round(share * width);
    return [
      plain(`register ${version} `),
      good('█'.repeat(filled)),
      dim('░'.repeat(width - filled)),
      bold(formatPercent(share).padStart(8)),
    ];
  });
}

function proxies(states: readonly ProxyState[]): readonly Line[] {
  return [
    [dim(`${'PROXY'.padEnd(16)}${'LISTENS ON'.padEnd(20)}STATE`)],
    ...states.map(({ name, address, state, detail }): Line => {
      const tone = state === 'in sync' ? good : warn;
      return [plain(`${name.padEnd(16)}${address.padEnd(20)}`), tone(state.padEnd(12)), dim(detail)];
    }),
  ];
}

/** What to do, what was done, and what is wrong. */
function notes({ editPath, change, issues, logged, proxies: states }: DemoSnapshot, columns: number): readonly Line[] {
  const lines: Line[] = [[plain('Edit '), bold(editPath), plain(': change a weight, save, and watch the share move.')]];
  if (change) {
    const time = new Date(change.at).toTimeString().slice(0, 8);
    lines.push(...wrapped(`${time} ${changeText(change, states)}`, columns).map((text) => [plain(text)]));
  }
  for (const issue of issues.slice(0, 3)) lines.push(...wrapped(issue, columns).map((text) => [warn(text)]));
  if (issues.length > 3) lines.push([warn(`and ${issues.length - 3} more`)]);
  if (issues.length > 0) lines.push([dim('The last good version stays in force.')]);
  if (logged !== undefined) lines.push([dim(logged)]);
  return lines;
}

function latencyText(ms: number | undefined): string {
  return ms === undefined ? '-' : formatMs(ms);
}

function formatClock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
