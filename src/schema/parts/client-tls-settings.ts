/** TLS towards a destination (DestinationRule, MeshConfig). */

import { list, object } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { bool, choice, string } from '../field/scalars.ts';

export const clientTlsSettings = object({
  mode: choice(['DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL']),
  clientCertificate: string(),
  privateKey: string(),
  caCertificates: string(),
  credentialName: string(),
  subjectAltNames: list(string()),
  sni: string(),
  insecureSkipVerify: bool(),
  caCrl: string(),
});
export type ClientTlsSettings = Infer<typeof clientTlsSettings>;
