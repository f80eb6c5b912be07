import type { AsyncDataSource } from '../../envoy/generated/envoy/config/core/v3/AsyncDataSource.ts';
import type { PluginConfig } from '../../envoy/generated/envoy/extensions/wasm/v3/PluginConfig.ts';
import { hashText } from '../../lib/hash.ts';
import type { WorkloadExtension } from '../../mesh/extensions/workload-extension.ts';
import type { WasmConfig } from '../../schema/traffic-extension/traffic-extension.ts';
import { typedConfig } from '../clusters/typed-config.ts';

/** What Istio's agent reads out of a module's environment, and takes away before the proxy sees it. */
const secretVariable = 'ISTIO_META_WASM_IMAGE_PULL_SECRET';
const policyVariable = 'ISTIO_META_WASM_IMAGE_PULL_POLICY';
const versionVariable = 'ISTIO_META_WASM_PLUGIN_RESOURCE_VERSION';

const failurePolicies = { FAIL_CLOSE: 'FAIL_CLOSED', FAIL_OPEN: 'FAIL_OPEN', FAIL_RELOAD: 'FAIL_RELOAD' } as const;

/** A WebAssembly module as Envoy runs it (Istio `buildWasmConfig`). */
export function wasmPluginConfig({ namespace, name }: WorkloadExtension, wasm: WasmConfig): PluginConfig {
  const { pluginConfig = {}, pluginName, failStrategy = 'FAIL_CLOSE', vmConfig } = wasm;
  const env = vmConfig?.env ?? [];
  const fromHost = env.filter(({ valueFrom }) => valueFrom === 'HOST').map((variable) => variable.name);
  return {
    name: `${namespace}.${name}`,
    ...(pluginName && { root_id: pluginName }),
    ...(Object.keys(pluginConfig).length > 0 && {
      configuration: typedConfig('google.protobuf.StringValue', { value: canonicalJson(pluginConfig) }),
    }),
    vm_config: {
      runtime: 'envoy.wasm.runtime.v8',
      code: codeOf(wasm),
      environment_variables: {
        key_values: { ...agentVariables(wasm), ...inlineVariables(env) },
        ...(fromHost.length > 0 && { host_env_keys: fromHost }),
      },
    },
    failure_policy: failurePolicies[failStrategy],
  };
}

/**
 * How the agent pulls the image. No proxy proves who it is yet, so none is given a secret: the variable says that one is wanted,
 * and stays empty (Istio `GeneratePullSecrets`). An object has no version that all sources know; its content stands for it, without the
 * key of a signature, which nobody checks.
 */
function agentVariables(wasm: WasmConfig): Readonly<Record<string, string>> {
  const { verificationKey: _, ...used } = wasm;
  const { imagePullPolicy = 'UNSPECIFIED_POLICY', imagePullSecret = '' } = used;
  return {
    ...(imagePullSecret !== '' && { [secretVariable]: '' }),
    ...(imagePullPolicy !== 'UNSPECIFIED_POLICY' && { [policyVariable]: imagePullPolicy }),
    [versionVariable]: hashText(canonicalJson(used)),
  };
}

function inlineVariables(env: NonNullable<NonNullable<WasmConfig['vmConfig']>['env']>): Readonly<Record<string, string>> {
  return Object.fromEntries(env.filter(({ valueFrom }) => valueFrom !== 'HOST').map(({ name, value = '' }) => [name, value]));
}

/** A file beside the proxy, or a place that the agent fetches from: Envoy's own cluster is never asked. */
function codeOf({ url, sha256 = '' }: WasmConfig): AsyncDataSource {
  if (isFile(url)) return { local: { filename: url.slice('file://'.length) } };
  const uri = /^[a-zA-Z][a-zA-Z0-9+.-]*:\/\//.test(url) ? url : `oci://${url}`;
  return { remote: { http_uri: { uri, timeout: { seconds: '30', nanos: 0 }, cluster: '_' }, sha256 } };
}

/** Whether Envoy reads the module itself. */
export function isFile(url: string): boolean {
  return url.startsWith('file://');
}

/** The same text for the same value, whatever order it was written in. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    member !== null && typeof member === 'object' && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
