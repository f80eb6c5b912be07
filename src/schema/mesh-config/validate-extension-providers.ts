/** Rules on extension providers. As in Istio they only warn: a provider that nobody uses harms nobody. */

import type { Path } from '../field/parse-context.ts';
import { isAddress, wrongFqdn, wrongNamespacedHost, wrongPort } from '../parts/host-checks.ts';
import type { Report } from '../report.ts';
import type { ExtensionProvider } from './extension-provider.ts';

/** Providers that are services of the mesh or outside. */
const remote = [
  'envoyExtAuthzHttp',
  'envoyExtAuthzGrpc',
  'zipkin',
  'lightstep',
  'datadog',
  'opencensus',
  'skywalking',
  'opentelemetry',
  'envoyHttpAls',
  'envoyTcpAls',
  'envoyOtelAls',
] as const satisfies readonly (keyof ExtensionProvider)[];

export function checkExtensionProviders(providers: readonly ExtensionProvider[], report: Report): void {
  const names = new Set<string>();
  for (const [i, provider] of providers.entries()) {
    const path = ['extensionProviders', i];
    const { name = '' } = provider;
    if (name === '') report.warn([...path, 'name'], 'is required');
    else if (names.has(name)) report.warn([...path, 'name'], `repeats "${name}"`);
    names.add(name);
    if (Object.keys(provider).every((key) => key === 'name')) report.warn(path, 'must say what kind of provider it is');
    for (const kind of remote) {
      const settings = provider[kind];
      if (settings) checkService(settings, [...path, kind], report);
    }
    for (const kind of ['envoyExtAuthzHttp', 'envoyExtAuthzGrpc'] as const)
      checkStatus(provider[kind]?.statusOnError, [...path, kind], report);
    const prefix = provider.envoyExtAuthzHttp?.pathPrefix;
    if (prefix && !prefix.startsWith('/')) report.warn([...path, 'envoyExtAuthzHttp', 'pathPrefix'], 'must begin with "/"');
    if (provider.opentelemetry?.http && provider.opentelemetry.grpc)
      report.warn([...path, 'opentelemetry'], 'may have only one of http and grpc');
  }
}

function checkService({ service = '', port = 0 }: { readonly service?: string; readonly port?: number }, path: Path, report: Report): void {
  const wrong = service.includes('/') ? wrongNamespacedHost(service, 'Sidecar') : isAddress(service) ? undefined : wrongFqdn(service);
  if (wrong !== undefined) report.warn([...path, 'service'], wrong);
  const wrongNumber = wrongPort(port);
  if (wrongNumber !== undefined) report.warn([...path, 'port'], wrongNumber);
}

function checkStatus(status: string | undefined, path: Path, report: Report): void {
  if (status && !/^[1-5]\d\d$/.test(status)) report.warn([...path, 'statusOnError'], `must be an HTTP status, not "${status}"`);
}
