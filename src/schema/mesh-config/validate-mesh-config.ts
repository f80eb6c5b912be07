/** Rules on the effective mesh configuration, after Istio's ValidateMeshConfig. */

import { parseDurationMs } from '../../lib/duration.ts';
import { wrongExpression } from '../../model/label-selector.ts';
import { checkOutlierDetection } from '../destination-rule/traffic-policy-checks.ts';
import type { Path } from '../field/parse-context.ts';
import { checkConnectionPool } from '../parts/connection-pool-checks.ts';
import { checkMillisecondPrecision } from '../parts/duration-checks.ts';
import { isDnsLabel, wrongPort, wrongWildcardDomain } from '../parts/host-checks.ts';
import { checkRetry } from '../parts/http-retry-checks.ts';
import { checkLocalityLb, checkZoneAwareLb } from '../parts/locality-checks.ts';
import type { Report } from '../report.ts';
import type { ResolvedMeshConfig } from './default-mesh-config.ts';
import { checkExtensionProviders } from './validate-extension-providers.ts';
import { checkProxySettings } from './validate-proxy-settings.ts';

const hourMs = 3_600_000;

export function checkMeshConfig(mesh: ResolvedMeshConfig, report: Report): void {
  const wrong = wrongPort(mesh.proxyListenPort);
  if (wrong !== undefined) report.error(['proxyListenPort'], wrong);
  const connectMs = parseDurationMs(mesh.connectTimeout) ?? 0;
  if (connectMs < 1 || connectMs > hourMs) report.error(['connectTimeout'], 'must be from 1ms to 1h');
  checkMillisecondPrecision(mesh.connectTimeout, ['connectTimeout'], report);
  checkMillisecondPrecision(mesh.protocolDetectionTimeout, ['protocolDetectionTimeout'], report);
  checkProxySettings(mesh.defaultConfig, ['defaultConfig'], report);
  checkLocalityLb(mesh.localityLbSetting, true, ['localityLbSetting'], report);
  checkZoneAwareLb(mesh.zoneAwareLbSetting, true, ['zoneAwareLbSetting'], report);
  for (const [i, { hosts = [] }] of mesh.serviceSettings.entries()) {
    for (const [j, host] of hosts.entries()) {
      const wrongHost = wrongWildcardDomain(host);
      if (wrongHost !== undefined) report.error(['serviceSettings', i, 'hosts', j], wrongHost);
    }
  }
  for (const [i, { matchExpressions = [] }] of (mesh.discoverySelectors ?? []).entries()) {
    for (const [j, expression] of matchExpressions.entries()) {
      const wrongSelector = wrongExpression(expression);
      if (wrongSelector !== undefined) report.error(['discoverySelectors', i, 'matchExpressions', j], wrongSelector);
    }
  }
  checkTrustDomain(mesh.trustDomain, ['trustDomain'], report);
  for (const [i, alias] of mesh.trustDomainAliases.entries()) checkTrustDomain(alias, ['trustDomainAliases', i], report);
  checkExtensionProviders(mesh.extensionProviders, report);
  checkTls(mesh, report);
  checkConnectionPool(mesh.defaultTrafficPolicy?.connectionPool, ['defaultTrafficPolicy', 'connectionPool'], report);
  checkOutlierDetection(mesh.defaultTrafficPolicy?.outlierDetection, ['defaultTrafficPolicy', 'outlierDetection'], report);
  checkInboundRetry(mesh, report);
}

/** Labels joined by dots; the last one may be empty, and unlike in a host name it may be a number. */
function checkTrustDomain(domain: string, path: Path, report: Report): void {
  const labels = domain.split('.');
  const fits = domain !== '' && labels.every((label, i) => isDnsLabel(label) || (label === '' && i === labels.length - 1));
  if (!fits) report.error(path, `must be a trust domain such as cluster.local, not "${domain}"`);
}

/** Curves of BoringSSL (`ssl_key_share.cc`). */
const ecdhCurves: readonly string[] = ['', 'P-224', 'P-256', 'P-521', 'P-384', 'X25519', 'X25519Kyber768Draft00', 'X25519MLKEM768'];

function checkTls(mesh: ResolvedMeshConfig, report: Report): void {
  if (mesh.meshMTLS?.ecdhCurves) report.error(['meshMTLS', 'ecdhCurves'], 'is not supported for traffic inside the mesh');
  const curves = mesh.tlsDefaults?.ecdhCurves ?? [];
  for (const [i, curve] of curves.entries()) {
    if (!ecdhCurves.includes(curve)) report.warn(['tlsDefaults', 'ecdhCurves', i], `is no known curve: "${curve}"`);
    else if (curves.indexOf(curve) < i) report.warn(['tlsDefaults', 'ecdhCurves', i], `repeats "${curve}"`);
  }
}

/** Retries of a sidecar towards its own application: it has one host, so that half of the settings mean nothing. */
function checkInboundRetry(mesh: ResolvedMeshConfig, report: Report): void {
  const retry = mesh.defaultInboundHttpRetryPolicy;
  if (!retry) return;
  const path = ['defaultInboundHttpRetryPolicy'];
  checkRetry(retry, path, report);
  if (!retry.attempts && retry.backoff !== undefined) report.error([...path, 'backoff'], 'has no effect with 0 attempts');
  for (const name of ['perTryTimeout', 'retryRemoteLocalities', 'retryIgnorePreviousHosts'] as const) {
    if (retry[name] !== undefined) report.warn([...path, name], 'has no effect for inbound traffic');
  }
}
