/** Checks of names for string fields: each says what is wrong, as the end of a sentence that starts with the field. */

import type { Check } from '../field/field.ts';

/** A check against one of our own patterns; the patterns of users never become a JavaScript RegExp. */
function matching(pattern: RegExp, expected: string): Check<string> {
  const check: Check<string> = (text) => (pattern.test(text) ? undefined : `must be ${expected}`);
  return Object.assign(check, { pattern: pattern.source });
}

/** `a-z`, digits and `-`, as Kubernetes namespaces are. */
export const dnsLabel = matching(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'a lower-case DNS label');

/** Labels joined by dots. */
export const dnsSubdomain = matching(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/, 'a lower-case DNS name');

/** An API group; the empty text is the core group. */
export const apiGroup = matching(/^$|^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/, 'the name of an API group');

export const kindName = matching(/^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/, 'the name of a kind');

/** A host of the Gateway API: lower case, a whole first label may be `*`. */
export const wildcardHostname = matching(
  /^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  'a lower-case host name, optionally with a first label "*"',
);

/** A token of RFC 9110. */
export const headerName = matching(/^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/, 'the name of an HTTP header');

/** The narrower header names that Istio takes for claims and probes. */
export const strictHeaderName = matching(/^[-_A-Za-z0-9]+$/, 'a header name of letters, digits, "-" and "_"');

/** `domain/path`, as controllers and own protocols are named. */
export const domainPath = matching(
  /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/,
  'of the form domain/path',
);

export const sha256Text = matching(/^([a-f0-9]{64})?$/, '64 lower-case hexadecimal digits');
