/** Rules for the API server that several kinds share, with Istio's messages: users and tools know them. */

import type { CelRule } from '../field/field.ts';

/** At most one of these fields of an object is set. Written as a sum: API servers count a list's cost far higher. */
export function atMostOne(fields: readonly string[], message: string): CelRule {
  return { rule: `${fields.map((name) => `(has(self.${name}) ? 1 : 0)`).join(' + ')} <= 1`, message };
}

/** What a policy is for: a selector or references, never both. */
export const selectorOrTargets: CelRule = atMostOne(
  ['selector', 'targetRef', 'targetRefs'],
  'only one of targetRefs or selector can be set',
);

export const selectorOrTargetRefs: CelRule = atMostOne(['selector', 'targetRefs'], 'only one of targetRefs or selector can be set');

/** A socket's path begins with a slash, or with `@` where it is abstract. */
export const socketPath: CelRule = {
  rule: '!self.startsWith("unix://") || self.startsWith("unix:///") || self.startsWith("unix://@")',
  message: 'UDS must be an absolute path or abstract socket',
};

export const socketIsFile: CelRule = {
  rule: '!(self.startsWith("unix://") && self.endsWith("/"))',
  message: 'UDS may not be a dir',
};

export const socketWithoutPorts: CelRule = {
  rule: '!(has(self.address) && self.address.startsWith("unix://") && has(self.ports))',
  message: 'UDS may not include ports',
};

export const addressRequired: CelRule = { rule: 'has(self.address) || has(self.network)', message: 'Address is required' };

/** The schemes that a WebAssembly module may have; without one it is an image. */
export const moduleScheme: CelRule = {
  rule: 'isURL(self) ? url(self).getScheme() in ["", "http", "https", "file", "oci"] : isURL("http://" + self)',
  message: 'url must have schema one of [http, https, file, oci]',
};
