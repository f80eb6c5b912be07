/** A port by its number. */

import { object } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { uint32 } from '../field/scalars.ts';

export const portSelector = object({
  number: uint32(),
});
export type PortSelector = Infer<typeof portSelector>;
