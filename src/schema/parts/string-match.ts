/** How a text is matched: exactly, by prefix or by RE2 expression. */

import { object } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { string } from '../field/scalars.ts';

export const stringMatch = object(
  {
    exact: string(),
    prefix: string(),
    regex: string(),
  },
  { atMostOneOf: [['exact', 'prefix', 'regex']] },
);
export type StringMatch = Infer<typeof stringMatch>;
