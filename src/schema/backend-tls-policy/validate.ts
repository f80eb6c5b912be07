/** Rules on a BackendTLSPolicy beyond its structure, after the CEL rules of its CRD. */

import type { ConfigObject } from '../../model/config-object.ts';
import type { Issue } from '../../model/issue.ts';
import { Report } from '../report.ts';
import type { BackendTlsPolicy } from './backend-tls-policy.ts';

export function validateBackendTlsPolicy(object: ConfigObject<BackendTlsPolicy>): readonly Issue[] {
  const report = new Report();
  const path = ['spec', 'validation'];
  const { caCertificateRefs = [], wellKnownCACertificates, subjectAltNames = [] } = object.spec.validation;
  const sources = [caCertificateRefs.length > 0, !!wellKnownCACertificates].filter(Boolean).length;
  if (sources !== 1) report.error(path, 'must have exactly one of caCertificateRefs and wellKnownCACertificates');
  for (const [i, { type, hostname, uri }] of subjectAltNames.entries()) {
    const [fitting, other] = type === 'Hostname' ? [hostname, uri] : [uri, hostname];
    if (!fitting || other) report.error([...path, 'subjectAltNames', i], `must have exactly the field that type ${type} names`);
  }
  return report.issues;
}
