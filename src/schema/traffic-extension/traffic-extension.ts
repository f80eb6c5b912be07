/** TrafficExtension: a WebAssembly or Lua filter for workloads. */

import { list, object, struct, withRules } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { choice, int32, string } from '../field/scalars.ts';
import { moduleScheme, selectorOrTargetRefs } from '../parts/cel-rules.ts';
import { sha256Text } from '../parts/name-checks.ts';
import { policyTargetReference } from '../parts/policy-target-reference.ts';
import { trafficSelector } from '../parts/traffic-selector.ts';
import { failStrategy, pullPolicy, vmConfig } from '../parts/wasm-settings.ts';
import { workloadSelector } from '../parts/workload-selector.ts';
import { pluginType } from '../wasm-plugin/wasm-plugin.ts';

const wasmConfig = object({
  url: withRules(string({ minLength: 1, required: true }), [moduleScheme]),
  sha256: string({ check: sha256Text }),
  imagePullPolicy: pullPolicy,
  imagePullSecret: string({ minLength: 1, maxLength: 253 }),
  verificationKey: string(),
  pluginConfig: struct(),
  pluginName: string({ minLength: 1, maxLength: 256 }),
  failStrategy,
  vmConfig,
  type: pluginType,
});
export type WasmConfig = Infer<typeof wasmConfig>;

const luaConfig = object({
  inlineCode: string({ minLength: 1, maxLength: 65536, required: true }),
});
export type LuaConfig = Infer<typeof luaConfig>;

export const trafficExtension = withRules(
  object(
    {
      selector: workloadSelector,
      targetRefs: list(policyTargetReference, { maxItems: 16 }),
      phase: choice(['UNSPECIFIED', 'AUTHN', 'AUTHZ', 'STATS']),
      priority: int32(),
      match: list(trafficSelector),
      wasm: wasmConfig,
      lua: luaConfig,
    },
    { atMostOneOf: [['wasm', 'lua']] },
  ),
  [selectorOrTargetRefs, { rule: 'has(self.wasm) || has(self.lua)', message: 'exactly one of wasm or lua must be set' }],
);
export type TrafficExtension = Infer<typeof trafficExtension>;
