/** Rules on TLS of a server port, after Istio's validateTLSOptions. */

import type { Path } from '../field/parse-context.ts';
import type { Report } from '../report.ts';
import type { ServerTlsSettings } from './server-tls-settings.ts';

/** What BoringSSL knows, without pre-shared keys. */
const cipherSuites: readonly string[] = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-SHA',
  'ECDHE-RSA-AES128-SHA',
  'ECDHE-ECDSA-AES256-SHA',
  'ECDHE-RSA-AES256-SHA',
  'AES128-GCM-SHA256',
  'AES256-GCM-SHA384',
  'AES128-SHA',
  'AES256-SHA',
  'DES-CBC3-SHA',
];

/** Whether Envoy takes it; expressions such as `-AES128-SHA` or `[A|B]` are let through. */
export function isCipherSuite(text: string): boolean {
  return text === '' || text === 'ALL' || !/^[\p{L}\p{N}]/u.test(text) || cipherSuites.includes(text);
}

export function checkServerTls(tls: ServerTlsSettings | undefined, path: Path, report: Report): void {
  if (!tls) return;
  checkCipherSuites(tls, path, report);
  if (tls.mode === 'ISTIO_MUTUAL') {
    for (const name of certificateFields) if (isSet(tls[name])) report.error([...path, name], 'is not possible with ISTIO_MUTUAL');
    return;
  }
  if ((tls.mode ?? 'PASSTHROUGH') === 'PASSTHROUGH' || tls.mode === 'AUTO_PASSTHROUGH') {
    const unused = [...certificateFields, 'caCrl' as const].filter((name) => isSet(tls[name]));
    if (unused.length > 0) report.warn(path, `does not use ${unused.join(', ')} in mode ${tls.mode ?? 'PASSTHROUGH'}`);
  }
  checkCertificateSources(tls, path, report);
  const hasCredential = isSet(tls.credentialName) || isSet(tls.credentialNames);
  if (!hasCredential) checkCertificateFiles(tls, path, report);
  if (tls.caCrl && !(hasCredential && terminates(tls))) {
    if (tls.credentialName) report.error([...path, 'caCrl'], 'is not possible beside credentialName; it belongs into the credential');
    if (tls.mode === 'SIMPLE') report.error([...path, 'caCrl'], 'is not possible with SIMPLE');
  }
}

const certificateFields = [
  'serverCertificate',
  'privateKey',
  'caCertificates',
  'tlsCertificates',
  'credentialName',
  'credentialNames',
] as const;

function isSet(value: string | readonly unknown[] | undefined): boolean {
  return value !== undefined && value.length > 0;
}

function terminates(tls: ServerTlsSettings): boolean {
  return tls.mode === 'SIMPLE' || tls.mode === 'MUTUAL' || tls.mode === 'OPTIONAL_MUTUAL';
}

function checkCipherSuites(tls: ServerTlsSettings, path: Path, report: Report): void {
  const suites = tls.cipherSuites ?? [];
  const isOld = tls.minProtocolVersion === 'TLSV1_0' || tls.minProtocolVersion === 'TLSV1_1';
  if (isOld && suites.length === 0)
    report.warn([...path, 'minProtocolVersion'], 'needs cipherSuites that old TLS versions have; the default ones do not');
  for (const [i, suite] of suites.entries()) {
    if (!isCipherSuite(suite)) report.warn([...path, 'cipherSuites', i], `is not a known cipher suite, "${suite}" is left out`);
    else if (suites.indexOf(suite) < i) report.warn([...path, 'cipherSuites', i], `repeats "${suite}"`);
  }
}

function checkCertificateSources(tls: ServerTlsSettings, path: Path, report: Report): void {
  const inFiles = isSet(tls.serverCertificate) && isSet(tls.privateKey);
  const sources = [inFiles, isSet(tls.credentialName), isSet(tls.credentialNames), isSet(tls.tlsCertificates)];
  const tooMany =
    sources.filter(Boolean).length > 1 ||
    (tls.credentialNames !== undefined && (tls.credentialName !== undefined || tls.tlsCertificates !== undefined));
  if (tooMany)
    report.error(path, 'may have only one of credentialName, credentialNames, tlsCertificates and serverCertificate with privateKey');
}

function checkCertificateFiles(tls: ServerTlsSettings, path: Path, report: Report): void {
  if (!terminates(tls)) return;
  if (tls.mode !== 'SIMPLE' && !tls.caCertificates)
    report.error([...path, 'caCertificates'], `is required for ${tls.mode}, or a credentialName`);
  const inList = isSet(tls.tlsCertificates);
  const certificates = inList ? tls.tlsCertificates! : [tls];
  for (const [i, { serverCertificate, privateKey }] of certificates.entries()) {
    const at = inList ? [...path, 'tlsCertificates', i] : path;
    if (!serverCertificate) report.error([...at, 'serverCertificate'], `is required for ${tls.mode}, or a credentialName`);
    if (!privateKey) report.error([...at, 'privateKey'], `is required for ${tls.mode}, or a credentialName`);
  }
}
