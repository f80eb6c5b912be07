import type { ExtensionConfigSource } from '../../envoy/generated/envoy/config/core/v3/ExtensionConfigSource.ts';
import { typeUrlOf } from '../../envoy/type-urls.ts';
import type { ExtensionPhase, WorkloadExtension } from '../../mesh/extensions/workload-extension.ts';
import { meansMode } from '../../mesh/telemetry/provider-of.ts';
import type { FilterContext } from '../filters/listener-class.ts';
import { type TypedFilter, typedFilter } from '../filters/typed-filter.ts';

/** A filter of a user: in the listener itself, or one that Envoy asks for by its name. */
export type ExtensionFilter = TypedFilter | { readonly name: string; readonly config_discovery: ExtensionConfigSource };

/** By phase: each has its place in the chain. */
export type ExtensionFilters = Readonly<Record<ExtensionPhase, readonly ExtensionFilter[]>>;

const resourcePrefix = 'extensions.istio.io/trafficextension/';

/**
 * Name of the filter and of its resource. Modules of type NETWORK have names of their own, unlike Istio's: Envoy refuses a resource
 * that becomes one of the other type while a listener still asks for it.
 */
export function extensionResourceName(extension: WorkloadExtension): string {
  const name = `${resourcePrefix}${extension.namespace}.${extension.name}`;
  return kindOf(extension) === 'network' ? `${name}~network` : name;
}

/** The HTTP filters of users for one port of a listener: of the workload where it stands before it, else of the destination. */
export function httpExtensions(context: FilterContext, port: number): ExtensionFilters {
  return filtersOf(context, port, 'http');
}

/** The same for connections: WebAssembly modules of type NETWORK. */
export function networkExtensions(context: FilterContext, port: number): ExtensionFilters {
  return filtersOf(context, port, 'network');
}

function filtersOf(context: FilterContext, port: number, kind: 'http' | 'network'): ExtensionFilters {
  const held = (context.extensions ?? []).filter((extension) => kindOf(extension) === kind && matches(extension, context, port));
  const ofPhase = (phase: ExtensionPhase) => held.filter((extension) => extension.phase === phase).map((one) => filterOf(one, kind));
  return { AUTHN: ofPhase('AUTHN'), AUTHZ: ofPhase('AUTHZ'), STATS: ofPhase('STATS'), UNSPECIFIED: ofPhase('UNSPECIFIED') };
}

function kindOf({ filter }: WorkloadExtension): 'http' | 'network' {
  return 'wasm' in filter && filter.wasm.type === 'NETWORK' ? 'network' : 'http';
}

function matches({ match }: WorkloadExtension, { class: listenerClass }: FilterContext, port: number): boolean {
  if (match.length === 0) return true;
  const mode = listenerClass === 'sidecar-inbound' ? 'SERVER' : 'CLIENT';
  return match.some(
    ({ mode: stated, ports = [] }) =>
      (stated === 'UNDEFINED' || meansMode(stated, mode)) && (ports.length === 0 || ports.some(({ number }) => number === port)),
  );
}

/** Code in Lua stands in the listener, as Istio has it; a module is asked for, so that Envoy does not take traffic without it. */
function filterOf(extension: WorkloadExtension, kind: 'http' | 'network'): ExtensionFilter {
  const name = extensionResourceName(extension);
  const { filter } = extension;
  if ('lua' in filter) {
    const config = { default_source_code: { inline_string: filter.lua.inlineCode } };
    return typedFilter(name, 'envoy.extensions.filters.http.lua.v3.Lua', config);
  }
  return {
    name,
    config_discovery: {
      config_source: { ads: {}, resource_api_version: 'V3', initial_fetch_timeout: { seconds: '0', nanos: 0 } },
      type_urls: [`envoy.extensions.filters.${kind}.wasm.v3.Wasm`, `envoy.extensions.filters.${kind}.rbac.v3.RBAC`].map(typeUrlOf),
    },
  };
}
