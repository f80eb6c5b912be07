/** Rules on traffic policies, after Istio's validateTrafficPolicy. */

import type { Path } from '../field/parse-context.ts';
import { checkClientTls } from '../parts/client-tls-checks.ts';
import { checkConnectionPool } from '../parts/connection-pool-checks.ts';
import { checkMillisecondPrecision } from '../parts/duration-checks.ts';
import { isAddress, wrongFqdn, wrongPort } from '../parts/host-checks.ts';
import type { Report } from '../report.ts';
import { checkLoadBalancer } from './load-balancer-checks.ts';
import type { OutlierDetection } from './outlier-detection.ts';
import type { PortTrafficPolicy, TrafficPolicy, TunnelSettings } from './traffic-policy.ts';

export function checkTrafficPolicy(policy: TrafficPolicy | undefined, namespace: string, path: Path, report: Report): void {
  if (!policy) return;
  if (Object.keys(policy).length === 0) report.error(path, 'must have at least one field');
  if (policy.tunnel && policy.proxyProtocol) report.error(path, 'may have only one of tunnel and proxyProtocol');
  checkSettings(policy, namespace, path, report);
  for (const [i, port] of (policy.portLevelSettings ?? []).entries()) {
    const at = [...path, 'portLevelSettings', i];
    if (!port.port) report.error([...at, 'port'], 'is required');
    const { port: _, ...settings } = port;
    if (Object.keys(settings).length === 0) report.error(at, 'must have a setting beside port');
    checkSettings(port, namespace, at, report);
  }
  if (policy.tunnel) checkTunnel(policy.tunnel, [...path, 'tunnel'], report);
}

/** What a policy may set for all ports and for one. */
function checkSettings(policy: PortTrafficPolicy | TrafficPolicy, namespace: string, path: Path, report: Report): void {
  const { outlierDetection, connectionPool, loadBalancer, tls } = policy;
  checkOutlierDetection(outlierDetection, [...path, 'outlierDetection'], report);
  checkConnectionPool(connectionPool, [...path, 'connectionPool'], report);
  checkLoadBalancer(loadBalancer, outlierDetection !== undefined, [...path, 'loadBalancer'], report);
  checkClientTls(tls, namespace, [...path, 'tls'], report);
}

export function checkOutlierDetection(outlier: OutlierDetection | undefined, path: Path, report: Report): void {
  if (!outlier) return;
  for (const name of ['baseEjectionTime', 'interval'] as const) checkMillisecondPrecision(outlier[name], [...path, name], report);
  if (outlier.consecutiveErrors) {
    report.warn([...path, 'consecutiveErrors'], 'is deprecated', 'use consecutiveGatewayErrors or consecutive5xxErrors');
  }
  if (!outlier.splitExternalLocalOriginErrors && outlier.consecutiveLocalOriginFailures) {
    report.error([...path, 'consecutiveLocalOriginFailures'], 'needs splitExternalLocalOriginErrors: true');
  }
  for (const name of ['maxEjectionPercent', 'minHealthPercent'] as const) {
    const value = outlier[name] ?? 0;
    if (value < 0 || value > 100) report.error([...path, name], `must be from 0 to 100, not ${value}`);
  }
}

function checkTunnel(tunnel: TunnelSettings, path: Path, report: Report): void {
  const { protocol, targetHost, targetPort } = tunnel;
  if (protocol && protocol !== 'CONNECT' && protocol !== 'POST') report.error([...path, 'protocol'], 'must be CONNECT or POST');
  const wrongHost = isAddress(targetHost) ? undefined : wrongFqdn(targetHost);
  if (wrongHost !== undefined) report.error([...path, 'targetHost'], wrongHost);
  const wrong = wrongPort(targetPort);
  if (wrong !== undefined) report.error([...path, 'targetPort'], wrong);
}
