/** Kubernetes Namespace: what a mesh reads of it are its labels and annotations. */

import { object } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { string } from '../field/scalars.ts';

export const namespace = object({ status: object({ phase: string() }) });
export type Namespace = Infer<typeof namespace>;
