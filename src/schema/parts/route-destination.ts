/** Where a route sends traffic: a host, a subset and a port. */

import { object } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { string } from '../field/scalars.ts';
import { portSelector } from './port-selector.ts';

export const destination = object({
  host: string({ required: true }),
  subset: string(),
  port: portSelector,
});
export type Destination = Infer<typeof destination>;
