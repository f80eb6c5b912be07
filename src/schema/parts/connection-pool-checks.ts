/** Rules on connection pools, after Istio's validateConnectionPool. */

import { parseDurationMs } from '../../lib/duration.ts';
import type { Path } from '../field/parse-context.ts';
import type { Report } from '../report.ts';
import type { ConnectionPoolSettings } from './connection-pool.ts';
import { checkMillisecondPrecision } from './duration-checks.ts';

const counts = ['http1MaxPendingRequests', 'http2MaxRequests', 'maxRequestsPerConnection', 'maxRetries', 'maxConcurrentStreams'] as const;

export function checkConnectionPool(settings: ConnectionPoolSettings | undefined, path: Path, report: Report): void {
  if (!settings) return;
  const { http, tcp } = settings;
  if (!http && !tcp) report.error(path, 'must have http or tcp settings');
  if (http) checkHttp(http, [...path, 'http'], report);
  if (tcp) checkTcp(tcp, [...path, 'tcp'], report);
}

function checkHttp(http: NonNullable<ConnectionPoolSettings['http']>, path: Path, report: Report): void {
  for (const name of counts) if ((http[name] ?? 0) < 0) report.error([...path, name], 'must not be negative');
  checkMillisecondPrecision(http.idleTimeout, [...path, 'idleTimeout'], report);
  if (http.h2UpgradePolicy === 'UPGRADE' && http.useClientProtocol) {
    report.error([...path, 'useClientProtocol'], 'is not possible beside h2UpgradePolicy UPGRADE');
  }
  const keepalive = http.http2KeepAlive;
  if (!keepalive) return;
  for (const name of ['interval', 'timeout'] as const) {
    if (keepalive[name] === undefined) report.error([...path, 'http2KeepAlive', name], 'is required');
    checkMillisecondPrecision(keepalive[name], [...path, 'http2KeepAlive', name], report);
  }
}

function checkTcp(tcp: NonNullable<ConnectionPoolSettings['tcp']>, path: Path, report: Report): void {
  if ((tcp.maxConnections ?? 0) < 0) report.error([...path, 'maxConnections'], 'must not be negative');
  const idleMs = tcp.idleTimeout === undefined ? 0 : (parseDurationMs(tcp.idleTimeout) ?? 0);
  if (idleMs < 0) report.error([...path, 'idleTimeout'], 'must not be negative');
  for (const name of ['connectTimeout', 'maxConnectionDuration', 'idleTimeout'] as const) {
    checkMillisecondPrecision(tcp[name], [...path, name], report);
  }
  for (const name of ['time', 'interval'] as const) {
    checkMillisecondPrecision(tcp.tcpKeepalive?.[name], [...path, 'tcpKeepalive', name], report);
  }
}
