import type { RBAC } from '../../envoy/generated/envoy/extensions/filters/http/rbac/v3/RBAC.ts';
import type { Any } from '../../envoy/generated/google/protobuf/Any.ts';
import type { WorkloadExtension } from '../../mesh/extensions/workload-extension.ts';
import type { ProxyFeatures } from '../../mesh/scope.ts';
import type { WasmConfig } from '../../schema/traffic-extension/traffic-extension.ts';
import { typedConfig } from '../clusters/typed-config.ts';
import type { TypedFilter } from '../filters/typed-filter.ts';
import { extensionResourceName } from './extension-filters.ts';
import { isFile, wasmPluginConfig } from './wasm-plugin-config.ts';

/** The resource that a listener asks for by name (ECDS). Undefined: the filter stands in the listener itself. */
export function extensionConfig(extension: WorkloadExtension, features: ProxyFeatures): TypedFilter | undefined {
  const { filter } = extension;
  if (!('wasm' in filter)) return undefined;
  const kind = filter.wasm.type === 'NETWORK' ? 'network' : 'http';
  return {
    name: extensionResourceName(extension),
    typed_config: canRun(filter.wasm, features)
      ? typedConfig(`envoy.extensions.filters.${kind}.wasm.v3.Wasm`, { config: wasmPluginConfig(extension, filter.wasm) })
      : standIn(kind, filter.wasm),
  };
}

function canRun({ url }: WasmConfig, { wasm }: ProxyFeatures): boolean {
  return wasm === undefined || (wasm === 'files' && isFile(url));
}

/**
 * What stands in for a module that the proxy cannot have: nothing is let through, unless the user wants a module that fails to
 * be skipped. Istio's agent does the same with a module that it cannot fetch (`createHTTPDefaultFilter`).
 */
function standIn(kind: 'http' | 'network', { failStrategy }: WasmConfig): Any {
  const isOpen = failStrategy === 'FAIL_OPEN';
  const prefix = isOpen ? 'wasm-default-allow' : 'wasm-default-deny';
  const http: RBAC = { rules_stat_prefix: prefix, ...(!isOpen && { rules: {} }) };
  const config = kind === 'http' ? http : { stat_prefix: prefix, ...(!isOpen && { rules: {} }) };
  return typedConfig(`envoy.extensions.filters.${kind}.rbac.v3.RBAC`, config);
}
