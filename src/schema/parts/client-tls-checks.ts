/** Rules on TLS towards a destination, after Istio's ValidateTLS. */

import type { Path } from '../field/parse-context.ts';
import type { Report } from '../report.ts';
import type { ClientTlsSettings } from './client-tls-settings.ts';

/** `namespace` is that of the object: a `configmap://` credential must be in it. */
export function checkClientTls(settings: ClientTlsSettings | undefined, namespace: string, path: Path, report: Report): void {
  if (!settings) return;
  const { mode, credentialName, clientCertificate, privateKey, caCertificates, caCrl, subjectAltNames } = settings;
  checkConfigMapCredential(credentialName, namespace, [...path, 'credentialName'], report);
  if (settings.insecureSkipVerify && (mode === 'SIMPLE' || mode === 'MUTUAL')) {
    const verifies = caCertificates || subjectAltNames || (mode === 'SIMPLE' && credentialName);
    if (verifies) report.error([...path, 'insecureSkipVerify'], 'is not possible beside settings that say what to verify');
  }
  if ((mode === 'SIMPLE' || mode === 'MUTUAL') && credentialName) {
    if (clientCertificate || caCertificates || privateKey || caCrl) {
      report.error([...path, 'credentialName'], 'is not possible beside certificates, keys or a CRL in files');
    }
    return;
  }
  if (mode !== 'MUTUAL') return;
  if (!clientCertificate) report.error([...path, 'clientCertificate'], 'is required for MUTUAL');
  if (!privateKey) report.error([...path, 'privateKey'], 'is required for MUTUAL');
}

const configMapPrefix = 'configmap://';

function checkConfigMapCredential(credentialName: string | undefined, namespace: string, path: Path, report: Report): void {
  if (!credentialName?.startsWith(configMapPrefix)) return;
  const parts = credentialName.slice(configMapPrefix.length).split('/');
  if (parts.length !== 2 || parts.includes('')) report.error(path, 'must have the form configmap://namespace/name');
  else if (parts[0] !== namespace) report.error(path, `must be in the namespace of the object, ${namespace}`);
}
