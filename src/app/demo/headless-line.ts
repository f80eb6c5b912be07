import { type DemoSnapshot, formatMs, formatPercent, syncText } from './demo-snapshot.ts';

/** The state of the demo in one line, for logs and tests: `12s  40.0 req/s  100% ok  v1 80.0% (32)  v2 20.0% (8)  p50 9.1 ms  ...`. */
export function headlessLine({ trafficMs, traffic, proxies }: DemoSnapshot): string {
  if (trafficMs === undefined) return `starting  ${syncText(proxies)}`;
  const { requestsPerSecond, successShare, versions, p50Ms, p99Ms } = traffic;
  return [
    `${Math.round(trafficMs / 1000)}s`,
    `${requestsPerSecond.toFixed(1)} req/s`,
    `${formatPercent(successShare)} ok`,
    ...versions.map(({ version, share, count }) => `${version} ${formatPercent(share)} (${count})`),
    `p50 ${p50Ms === undefined ? '-' : formatMs(p50Ms)}`,
    `p99 ${p99Ms === undefined ? '-' : formatMs(p99Ms)}`,
    syncText(proxies),
  ].join('  ');
}
