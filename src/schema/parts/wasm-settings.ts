/** How a WebAssembly module is fetched and run (WasmPlugin, TrafficExtension). */

import { list, object, withRules } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { choice, string } from '../field/scalars.ts';

const envVar = withRules(
  object({
    name: string({ minLength: 1, maxLength: 256, required: true }),
    valueFrom: choice(['INLINE', 'HOST']),
    value: string({ maxLength: 2048 }),
  }),
  [
    {
      rule: '!(has(self.valueFrom) && self.valueFrom == "HOST" && has(self.value))',
      message: 'value may only be set when valueFrom is INLINE',
    },
  ],
);
export type EnvVar = Infer<typeof envVar>;

export const vmConfig = object({
  env: list(envVar, { maxItems: 256, keys: ['name'] }),
});
export type VmConfig = Infer<typeof vmConfig>;

export const pullPolicy = choice(['UNSPECIFIED_POLICY', 'IfNotPresent', 'Always']);

export const failStrategy = choice(['FAIL_CLOSE', 'FAIL_OPEN', 'FAIL_RELOAD']);
