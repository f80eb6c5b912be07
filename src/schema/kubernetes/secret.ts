/** Kubernetes Secret: certificates and keys. */

import { map, object } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { bytes, string } from '../field/scalars.ts';

export const secret = object({
  type: string(),
  /** Base64, as it stands in the document. */
  data: map(bytes()),
  stringData: map(string()),
});
export type Secret = Infer<typeof secret>;
