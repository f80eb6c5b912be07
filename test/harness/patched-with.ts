import { createPatching } from '../../src/app/create-patching.ts';
import { loadProtos } from '../../src/envoy/protos.ts';
import { Engine } from '../../src/incremental/engine.ts';
import type { ConfigObject } from '../../src/model/config-object.ts';
import type { EnvoyFilter, EnvoyObjectPatch } from '../../src/schema/envoy-filter/envoy-filter.ts';
import { checkedPatch, type Patched, type Patching, patchSetOf } from '../../src/xds/patches/checked-patch.ts';
import { compileFilter } from '../../src/xds/patches/compile-filter.ts';
import type { PatchContext } from '../../src/xds/patches/compiled-patch.ts';

const engine = new Engine();
export const { codec: testCodec } = createPatching(engine, engine.table(), loadProtos());

export function envoyFilter(configPatches: readonly object[], name = 'ef', fields: Partial<ConfigObject> = {}): ConfigObject<EnvoyFilter> {
  const spec = { configPatches: configPatches as readonly EnvoyObjectPatch[] };
  return {
    kind: 'EnvoyFilter',
    apiVersion: 'networking.istio.io/v1alpha3',
    namespace: 'shop',
    name,
    labels: {},
    annotations: {},
    createdAt: 0,
    ...fields,
    spec,
  } as ConfigObject<EnvoyFilter>;
}

/** What a pass makes of patches as a user writes them; throws where one of them is no good. */
export function patchedWith<T>(
  configPatches: readonly object[],
  pass: Patching<T>['pass'],
  { context = 'SIDECAR_OUTBOUND', faultOf = () => undefined }: { context?: PatchContext; faultOf?: Patching<T>['faultOf'] } = {},
): Patched<T> {
  const { patches, issues } = compileFilter(envoyFilter(configPatches), testCodec);
  const errors = issues.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  return checkedPatch<T>({ codec: testCodec, context, patches: patchSetOf([...patches.values()]), pass, faultOf });
}
