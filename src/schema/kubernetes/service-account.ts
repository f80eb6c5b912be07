/** Kubernetes ServiceAccount: its existence, name and image pull secrets. */

import { list, object } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { string } from '../field/scalars.ts';

export const serviceAccount = object({
  secrets: list(object({ name: string() })),
  imagePullSecrets: list(object({ name: string() })),
});
export type ServiceAccount = Infer<typeof serviceAccount>;
