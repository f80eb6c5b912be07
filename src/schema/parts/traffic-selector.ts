/** Which traffic of a workload an extension is for (WasmPlugin, TrafficExtension). */

import { list, object } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { uint32 } from '../field/scalars.ts';
import { workloadMode } from './workload-mode.ts';

export const portNumber = object({
  number: uint32({ min: 1, max: 65535, required: true }),
});
export type PortNumber = Infer<typeof portNumber>;

export const trafficSelector = object({
  mode: workloadMode,
  ports: list(portNumber, { keys: ['number'] }),
});
export type TrafficSelector = Infer<typeof trafficSelector>;
