import { type ConfigObject, refOf } from '../../model/config-object.ts';
import type { Issue } from '../../model/issue.ts';
import { issueCodes } from '../../schema/issue-codes.ts';
import type { ExtensionProvider } from '../../schema/mesh-config/extension-provider.ts';
import type { MeshConfig } from '../../schema/mesh-config/mesh-config.ts';
import type { Telemetry } from '../../schema/telemetry/telemetry.ts';
import { providerOf } from './provider-of.ts';
import { serviceOf } from './provider-service-of.ts';
import type { FindProviderService } from './resolve-telemetry.ts';

type Part = 'tracing' | 'metrics' | 'accessLogging';

/** The kinds of providers that can do something for a part of a Telemetry object, and are not skipped. */
const kindsOf = {
  tracing: ['zipkin', 'datadog', 'skywalking', 'opentelemetry'],
  metrics: ['prometheus'],
  accessLogging: ['envoyFileAccessLog', 'envoyHttpAls', 'envoyTcpAls', 'envoyOtelAls'],
} as const satisfies Readonly<Record<Part, readonly (keyof ExtensionProvider)[]>>;

/** Providers of a Telemetry object that come to nothing: they are skipped, which nobody sees who waits for spans or lines. */
export function telemetryIssues(object: ConfigObject<Telemetry>, config: MeshConfig, find: FindProviderService): readonly Issue[] {
  return (['tracing', 'metrics', 'accessLogging'] as const).flatMap((part) =>
    (object.spec[part] ?? []).flatMap(({ providers = [] }, i) =>
      providers.flatMap(({ name }, j) => {
        const wrong = wrongProvider(name, part, config, find);
        const path = ['spec', part, i, 'providers', j, 'name'];
        return wrong === undefined
          ? []
          : [{ code: issueCodes.uselessProvider, severity: 'warning' as const, object: refOf(object), path, ...wrong }];
      }),
    ),
  );
}

function wrongProvider(
  name: string,
  part: Part,
  config: MeshConfig,
  find: FindProviderService,
): Pick<Issue, 'message' | 'hint'> | undefined {
  const provider = providerOf(config, name);
  if (provider === undefined) {
    return { message: `there is no extension provider "${name}"`, hint: 'name one of extensionProviders of the MeshConfig' };
  }
  if (!kindsOf[part].some((kind) => provider[kind] !== undefined)) {
    return { message: `the extension provider "${name}" is of no use for ${part}`, hint: `wanted is one of ${kindsOf[part].join(', ')}` };
  }
  const service = serviceOf(provider)?.service;
  if (service === undefined || find(service) !== undefined) return undefined;
  return {
    message: `the service ${service} of the extension provider "${name}" cannot be found`,
    hint: 'it must be one service of the mesh; write namespace/host where several namespaces have the host',
  };
}
