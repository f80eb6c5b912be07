/** Kubernetes ConfigMap: mesh configuration, CA certificates. */

import { map, object } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { bytes, string } from '../field/scalars.ts';

export const configMap = object({
  data: map(string()),
  /** Base64, as it stands in the document. */
  binaryData: map(bytes()),
});
export type ConfigMap = Infer<typeof configMap>;
