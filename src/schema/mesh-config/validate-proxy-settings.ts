/** Rules on proxy settings, of the mesh or of an annotation, after Istio's ValidateMeshConfigProxyConfig. */

import { parseDurationMs } from '../../lib/duration.ts';
import type { Path } from '../field/parse-context.ts';
import { checkClientTls } from '../parts/client-tls-checks.ts';
import { isAddress, wrongFqdn, wrongPort } from '../parts/host-checks.ts';
import type { Report } from '../report.ts';
import type { ResolvedProxySettings } from './default-mesh-config.ts';

export function checkProxySettings(settings: ResolvedProxySettings, path: Path, report: Report): void {
  for (const name of ['configPath', 'binaryPath'] as const) if (settings[name] === '') report.error([...path, name], 'must not be empty');
  if (settings.serviceCluster === '') report.error([...path, 'serviceCluster'], 'must not be empty');
  const drainMs = parseDurationMs(settings.drainDuration) ?? 0;
  if (drainMs < 1 || drainMs % 1000 !== 0) report.error([...path, 'drainDuration'], 'must be whole seconds, at least 1s');
  checkHostAndPort(settings.discoveryAddress, [...path, 'discoveryAddress'], report);
  checkTracing(settings, path, report);
  for (const name of ['statsdUdpAddress', 'envoyMetricsServiceAddress'] as const) {
    if (settings[name]) checkHostAndPort(settings[name], [...path, name], report);
  }
  for (const name of ['envoyMetricsService', 'envoyAccessLogService'] as const) {
    const address = settings[name]?.address;
    if (address) checkHostAndPort(address, [...path, name, 'address'], report);
  }
  if (settings.proxyMetadata?.['ISTIO_META_DNS_AUTO_ALLOCATE'] !== undefined) {
    report.warn([...path, 'proxyMetadata', 'ISTIO_META_DNS_AUTO_ALLOCATE'], 'is deprecated: addresses are allocated by the control plane');
  }
  for (const name of ['proxyAdminPort', 'statusPort'] as const) {
    const wrong = wrongPort(settings[name]);
    if (wrong !== undefined) report.error([...path, name], wrong);
  }
  checkPrivateKeyProvider(settings, [...path, 'privateKeyProvider'], report);
  checkConnectionSettings(settings, [...path, 'connectionSettings'], report);
}

function checkTracing(settings: ResolvedProxySettings, path: Path, report: Report): void {
  const { tracing } = settings;
  if (!tracing) return;
  const at = [...path, 'tracing'];
  for (const name of ['zipkin', 'lightstep', 'datadog'] as const) {
    const tracer = tracing[name];
    if (tracer) checkHostAndPort((tracer.address ?? '').replace('$(HOST_IP)', '127.0.0.1'), [...at, name, 'address'], report);
  }
  if (tracing.lightstep && !tracing.lightstep.accessToken) report.error([...at, 'lightstep', 'accessToken'], 'is required');
  checkClientTls(tracing.tlsSettings, '', [...at, 'tlsSettings'], report);
}

/** `host:port`, an IPv6 address in brackets. */
function checkHostAndPort(text: string, path: Path, report: Report): void {
  const match = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2] ?? '';
  const fits = match && wrongPort(Number(match[3])) === undefined && (isAddress(host) || wrongFqdn(host) === undefined);
  if (!fits) report.error(path, `must have the form host:port, not "${text}"`);
}

function checkPrivateKeyProvider(settings: ResolvedProxySettings, path: Path, report: Report): void {
  const provider = settings.privateKeyProvider;
  if (!provider) return;
  const chosen = provider.cryptomb ? 'cryptomb' : provider.qat ? 'qat' : undefined;
  if (!chosen) {
    report.error(path, 'must have cryptomb or qat');
    return;
  }
  const delay = provider[chosen]?.pollDelay;
  if (delay === undefined || parseDurationMs(delay) === 0) report.error([...path, chosen, 'pollDelay'], 'is required and must not be 0');
}

const windowSizes = ['http2InitialStreamWindowSize', 'http2InitialConnectionWindowSize'] as const;
const positive = ['httpMaxConcurrentStreams', 'listenerConnectionLimit', 'globalDownstreamConnectionLimit'] as const;

function checkConnectionSettings(settings: ResolvedProxySettings, path: Path, report: Report): void {
  const limits = settings.connectionSettings;
  if (!limits) return;
  for (const name of windowSizes) if ((limits[name] ?? 65535) < 65535) report.error([...path, name], 'must be at least 65535');
  for (const name of positive) if ((limits[name] ?? 1) <= 0) report.error([...path, name], 'must be positive');
  for (const [name, value] of Object.entries(limits)) {
    const isNegative = typeof value === 'string' ? (parseDurationMs(value) ?? 0) < 0 : typeof value === 'number' && value < 0;
    if (isNegative) report.error([...path, name], 'must not be negative');
  }
}
