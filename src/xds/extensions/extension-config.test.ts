import { describe, expect, it } from 'vitest';
import { loadProtos } from '../../envoy/protos.ts';
import type { WorkloadExtension } from '../../mesh/extensions/workload-extension.ts';
import type { ProxyFeatures } from '../../mesh/scope.ts';
import type { WasmConfig } from '../../schema/traffic-extension/traffic-extension.ts';
import { sidecarScope } from '../routes/route-fixtures.ts';
import { extensionConfig } from './extension-config.ts';

const protos = loadProtos();

function build(filter: WorkloadExtension['filter'], wasm?: ProxyFeatures['wasm']) {
  const extension = { namespace: 'n', name: 'e', createdAt: 0, spec: {}, phase: 'AUTHN', match: [], filter } as const;
  const config = extensionConfig(extension, { ...sidecarScope.features, ...(wasm && { wasm }) });
  if (config !== undefined) expect(protos.check('envoy.config.core.v3.TypedExtensionConfig', config)).toEqual([]);
  return config;
}

const module = (more: Partial<WasmConfig> = {}, wasm?: ProxyFeatures['wasm']) => build({ wasm: { url: 'oci://r/m:v1', ...more } }, wasm);

describe('the configuration of a filter that listeners ask for', () => {
  it('is a module that the agent fetches, with what it needs to know in the environment', () => {
    expect(
      module({ sha256: 'ab', imagePullPolicy: 'Always', imagePullSecret: 's', pluginConfig: { b: 1, a: 2 }, pluginName: 'p' }),
    ).toMatchObject({
      name: 'extensions.istio.io/trafficextension/n.e',
      typed_config: {
        config: {
          name: 'n.e',
          root_id: 'p',
          configuration: { value: '{"a":2,"b":1}' },
          failure_policy: 'FAIL_CLOSED',
          vm_config: {
            code: { remote: { http_uri: { uri: 'oci://r/m:v1', cluster: '_' }, sha256: 'ab' } },
            environment_variables: {
              key_values: { ISTIO_META_WASM_IMAGE_PULL_SECRET: '', ISTIO_META_WASM_IMAGE_PULL_POLICY: 'Always' },
            },
          },
        },
      },
    });
  });

  it('has another version as soon as anything about the module is another', () => {
    const versionOf = (more: Partial<WasmConfig>) => JSON.stringify(module(more)).match(/PLUGIN_RESOURCE_VERSION":"(\w+)"/)?.[1];
    expect(versionOf({})).toBe(versionOf({}));
    expect(versionOf({ pluginName: 'x' })).not.toBe(versionOf({}));
  });

  it('takes an image for one of a registry where the url has no scheme', () => {
    expect(module({ url: 'r.io/m' })).toMatchObject({
      typed_config: { config: { vm_config: { code: { remote: { http_uri: { uri: 'oci://r.io/m' } } } } } },
    });
  });

  it('stands in for a module that the proxy cannot have: nothing passes, unless a module that fails is to be skipped', () => {
    const denies = { typed_config: { '@type': expect.stringContaining('http.rbac'), rules: {} } };
    expect(module({}, 'none')).toMatchObject(denies);
    expect(module({}, 'files')).toMatchObject(denies);
    expect(module({ failStrategy: 'FAIL_OPEN' }, 'none')?.typed_config).not.toHaveProperty('rules');
    expect(module({ type: 'NETWORK' }, 'none')?.typed_config['@type' as never]).toContain('network.rbac');
  });

  it('reads a file beside a proxy that can run it', () => {
    const read = { typed_config: { config: { vm_config: { code: { local: { filename: '/m.wasm' } } } } } };
    expect(module({ url: 'file:///m.wasm' }, 'files')).toMatchObject(read);
    expect(module({ url: 'file:///m.wasm' }, 'none')).not.toMatchObject(read);
  });

  it('is none for code that stands in the listener', () => {
    expect(build({ lua: { inlineCode: '--' } })).toBeUndefined();
  });
});
