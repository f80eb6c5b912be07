/** ProxyConfig: bootstrap settings of selected proxies. */

import { map, object } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { int32, string } from '../field/scalars.ts';
import { workloadSelector } from '../parts/workload-selector.ts';

export const proxyImage = object({
  imageType: string(),
});
export type ProxyImage = Infer<typeof proxyImage>;

export const proxyConfig = object({
  selector: workloadSelector,
  concurrency: int32({ min: 0 }),
  environmentVariables: map(string({ maxLength: 2048 })),
  image: proxyImage,
});
export type ProxyConfig = Infer<typeof proxyConfig>;
