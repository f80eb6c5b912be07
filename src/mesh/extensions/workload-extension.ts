import type { ConfigObject } from '../../model/config-object.ts';
import type { TrafficSelector } from '../../schema/parts/traffic-selector.ts';
import type { LuaConfig, TrafficExtension, WasmConfig } from '../../schema/traffic-extension/traffic-extension.ts';
import type { WasmPlugin } from '../../schema/wasm-plugin/wasm-plugin.ts';
import type { AttachedPolicy } from '../policy-attachment.ts';

/** Where in the chain a filter stands. */
export type ExtensionPhase = 'AUTHN' | 'AUTHZ' | 'STATS' | 'UNSPECIFIED';

/** A filter that a user adds to workloads: a TrafficExtension, or a WasmPlugin as one. */
export interface WorkloadExtension extends AttachedPolicy {
  /** Of a WasmPlugin, with a suffix that no object can have. */
  readonly name: string;
  readonly createdAt: number;
  readonly phase: ExtensionPhase;
  /** Higher comes first; those without one last. */
  readonly priority?: number;
  /** Any of these; empty: everything. */
  readonly match: readonly TrafficSelector[];
  readonly filter: { readonly wasm: WasmConfig } | { readonly lua: LuaConfig };
}

/** Istio's mark of extensions that were a WasmPlugin. */
const translatedSuffix = '~istio-translated-wasmplugin';

/** Undefined: it says nothing to do. */
export function extensionOf({ name, namespace, createdAt, spec }: ConfigObject<TrafficExtension>): WorkloadExtension | undefined {
  const { wasm, lua, selector, targetRefs } = spec;
  const filter = wasm ? { wasm } : lua && { lua };
  if (filter === undefined) return undefined;
  return {
    name,
    namespace,
    createdAt,
    spec: { ...(selector && { selector }), ...(targetRefs && { targetRefs }) },
    phase: spec.phase ?? 'UNSPECIFIED',
    ...(spec.priority !== undefined && { priority: spec.priority }),
    match: spec.match ?? [],
    filter,
  };
}

/** Istio `translateWasmPlugin`. */
export function extensionOfPlugin({ name, namespace, createdAt, spec }: ConfigObject<WasmPlugin>): WorkloadExtension {
  const { selector, targetRef, targetRefs, phase = 'UNSPECIFIED_PHASE', priority, match = [], ...wasm } = spec;
  return {
    name: `${name}${translatedSuffix}`,
    namespace,
    createdAt,
    spec: { ...(selector && { selector }), ...(targetRef && { targetRef }), ...(targetRefs && { targetRefs }) },
    phase: phase === 'UNSPECIFIED_PHASE' ? 'UNSPECIFIED' : phase,
    ...(priority !== undefined && { priority }),
    match,
    filter: { wasm },
  };
}

/** `namespace/name`. */
export function extensionKey({ namespace, name }: Pick<WorkloadExtension, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}
