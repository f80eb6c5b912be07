/** WasmPlugin: a WebAssembly filter for workloads. */

import { list, object, struct, withRules } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { choice, int32, string } from '../field/scalars.ts';
import { moduleScheme, selectorOrTargets } from '../parts/cel-rules.ts';
import { sha256Text } from '../parts/name-checks.ts';
import { policyTargetReference } from '../parts/policy-target-reference.ts';
import { portNumber } from '../parts/traffic-selector.ts';
import { failStrategy, pullPolicy, vmConfig } from '../parts/wasm-settings.ts';
import { workloadMode } from '../parts/workload-mode.ts';
import { workloadSelector } from '../parts/workload-selector.ts';

const trafficSelector = object({
  mode: workloadMode,
  ports: list(portNumber, { keys: ['number'] }),
});
export type TrafficSelector = Infer<typeof trafficSelector>;

export const pluginType = choice(['UNSPECIFIED_PLUGIN_TYPE', 'HTTP', 'NETWORK']);

export const wasmPlugin = withRules(
  object({
    selector: workloadSelector,
    targetRef: policyTargetReference,
    targetRefs: list(policyTargetReference, { maxItems: 16 }),
    url: withRules(string({ minLength: 1, required: true }), [moduleScheme]),
    sha256: string({ check: sha256Text }),
    imagePullPolicy: pullPolicy,
    imagePullSecret: string({ minLength: 1, maxLength: 253 }),
    verificationKey: string(),
    pluginConfig: struct(),
    pluginName: string({ minLength: 1, maxLength: 256 }),
    phase: choice(['UNSPECIFIED_PHASE', 'AUTHN', 'AUTHZ', 'STATS']),
    priority: int32(),
    failStrategy,
    vmConfig,
    match: list(trafficSelector),
    type: pluginType,
  }),
  [selectorOrTargets],
);
export type WasmPlugin = Infer<typeof wasmPlugin>;
