/** TLS of a server port (Gateway, Sidecar ingress). */

import { list, object, withRules } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { bool, choice, string } from '../field/scalars.ts';
import { atMostOne } from './cel-rules.ts';

const tlsCertificate = object({
  serverCertificate: string(),
  privateKey: string(),
  caCertificates: string(),
});
export type TlsCertificate = Infer<typeof tlsCertificate>;

const tlsProtocol = choice(['TLS_AUTO', 'TLSV1_0', 'TLSV1_1', 'TLSV1_2', 'TLSV1_3']);

export const serverTlsSettings = withRules(
  object({
    httpsRedirect: bool(),
    mode: choice(['PASSTHROUGH', 'SIMPLE', 'MUTUAL', 'AUTO_PASSTHROUGH', 'ISTIO_MUTUAL', 'OPTIONAL_MUTUAL']),
    serverCertificate: string(),
    privateKey: string(),
    caCertificates: string(),
    caCrl: string(),
    credentialName: string(),
    credentialNames: list(string(), { minItems: 1, maxItems: 2 }),
    caCertCredentialName: string(),
    tlsCertificates: list(tlsCertificate, { minItems: 1, maxItems: 2 }),
    subjectAltNames: list(string()),
    verifyCertificateSpki: list(string()),
    verifyCertificateHash: list(string()),
    minProtocolVersion: tlsProtocol,
    maxProtocolVersion: tlsProtocol,
    cipherSuites: list(string()),
    ecdhCurves: list(string()),
    insecureSkipVerify: bool(),
  }),
  [
    atMostOne(['credentialName', 'credentialNames'], 'only one of credentialName or credentialNames can be set'),
    atMostOne(['credentialNames', 'tlsCertificates'], 'only one of credentialNames or tlsCertificates can be set'),
  ],
);
export type ServerTlsSettings = Infer<typeof serverTlsSettings>;
