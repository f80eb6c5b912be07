/** ListenerSet: further listeners for a Gateway. */

import { list, object, required } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { listener, secretReference } from '../parts/gateway-api.ts';

export const listenerSet = object({
  listeners: required(list(listener, { minItems: 1, maxItems: 64 })),
  parentRef: required(secretReference),
});
export type ListenerSet = Infer<typeof listenerSet>;
