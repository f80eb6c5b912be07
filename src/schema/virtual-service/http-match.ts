/** Conditions under which an HTTP rule of a VirtualService applies. */

import { list, map, object } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { bool, string, uint32 } from '../field/scalars.ts';
import { stringMatch } from '../parts/string-match.ts';

export const httpMatch = object({
  name: string(),
  uri: stringMatch,
  scheme: stringMatch,
  method: stringMatch,
  authority: stringMatch,
  headers: map(stringMatch),
  port: uint32(),
  sourceLabels: map(string()),
  gateways: list(string()),
  queryParams: map(stringMatch),
  ignoreUriCase: bool(),
  withoutHeaders: map(stringMatch),
  sourceNamespace: string(),
  statPrefix: string(),
});
export type HttpMatch = Infer<typeof httpMatch>;
