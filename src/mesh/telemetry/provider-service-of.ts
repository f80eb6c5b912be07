import type { ExtensionProvider } from '../../schema/mesh-config/extension-provider.ts';

/** Kinds of providers that are services of the mesh. */
const kindsWithService = [
  'zipkin',
  'datadog',
  'lightstep',
  'skywalking',
  'opentelemetry',
  'envoyHttpAls',
  'envoyTcpAls',
  'envoyOtelAls',
] as const;

/** The service and port that a provider for telemetry names; undefined where its kind has none. */
export function serviceOf(provider: ExtensionProvider): { readonly service?: string; readonly port?: number } | undefined {
  for (const kind of kindsWithService) if (provider[kind] !== undefined) return provider[kind];
  return undefined;
}
