/** Rules on values in an AuthorizationPolicy: addresses, ports, names, path templates and the keys of conditions. */

import { parseCidr } from '../../lib/cidr.ts';
import { isAddress } from '../parts/host-checks.ts';

export function wrongIp(text: string): string | undefined {
  const fits = text.includes('/') ? parseCidr(text) !== undefined : isAddress(text);
  return fits ? undefined : `must be an IP address or a CIDR block, not "${text}"`;
}

export function wrongPortText(text: string): string | undefined {
  return /^\d{1,10}$/.test(text) && Number(text) <= 65535 ? undefined : `must be a port number, not "${text}"`;
}

export function wrongIfEmpty(text: string): string | undefined {
  return text === '' ? 'must not be empty' : undefined;
}

/** Exact, `prefix*`, `*suffix` or `*`. */
export function wrongWildcardValue(text: string): string | undefined {
  const star = text.indexOf('*');
  if (text === '' || star < 0) return wrongIfEmpty(text);
  if (text.indexOf('*', star + 1) >= 0) return 'must have at most one wildcard';
  return star === 0 || star === text.length - 1 ? undefined : 'must have its wildcard at the start or the end';
}

export function wrongTrustDomain(text: string): string | undefined {
  return wrongWildcardValue(text) ?? (text.includes('/') ? 'must not have a "/"' : undefined);
}

/** `serviceAccount` or `namespace/serviceAccount`, without wildcards. */
export function wrongServiceAccount(text: string): string | undefined {
  if (text.includes('*')) return 'must not have a wildcard';
  const parts = text.split('/');
  return parts.length <= 2 && !parts.includes('') ? undefined : `must be a service account or namespace/service account, not "${text}"`;
}

const pathSegment = /^[a-zA-Z0-9\-._~%!$&'()+,;:@=]+$/;

/** Path templates: `{*}` stands for one segment, `{**}` for the rest. */
export function wrongPath(text: string): string | undefined {
  if (text === '') return 'must not be empty';
  const hasTemplate = text.includes('{*}') || text.includes('{**}');
  const segments = text.replace(/^\/+|\/+$/g, '').split('/');
  const rest = segments.indexOf('{**}');
  for (const [i, segment] of segments.entries()) {
    if (segment === '{*}' || segment === '{**}') {
      if (rest >= 0 && i > rest) return 'must have {**} as its last template';
    } else if (/[{}]/.test(segment)) return 'must not have braces except as {*} or {**}';
    else if (hasTemplate && !pathSegment.test(segment)) return `must have plain text between its templates, not "${segment}"`;
  }
  return undefined;
}

type Wrong = (value: string) => string | undefined;

/** The keys that `when` knows, with the rule for their values; a key ending in `[` takes a name in brackets. */
const conditionKeys: readonly (readonly [key: string, wrongValue: Wrong])[] = [
  ['request.headers[', wrongIfEmpty],
  ['source.ip', wrongIp],
  ['remote.ip', wrongIp],
  ['source.namespace', wrongIfEmpty],
  ['source.serviceAccount', wrongServiceAccount],
  ['source.principal', wrongIfEmpty],
  ['source.trustDomain', wrongWildcardValue],
  ['request.auth.principal', wrongIfEmpty],
  ['request.auth.audiences', wrongIfEmpty],
  ['request.auth.presenter', wrongIfEmpty],
  ['request.auth.claims[', wrongIfEmpty],
  ['destination.ip', wrongIp],
  ['destination.port', wrongPortText],
  ['connection.sni', wrongIfEmpty],
  ['experimental.envoy.filters.', wrongIfEmpty],
];

/** The rule for the values of a condition, or what is wrong with its key. */
export function ruleOfCondition(key: string): { readonly wrongValue: Wrong } | { readonly wrongKey: string } {
  const found = conditionKeys.find(([known]) => known === key || (/[[.]$/.test(known) && key.startsWith(known.replace('[', ''))));
  if (!found) return { wrongKey: `is not known: "${key}"` };
  const [known, wrongValue] = found;
  if (!/[[.]$/.test(known)) return { wrongValue };
  const open = key.indexOf('[');
  const isNamed = key.endsWith(']') && open > 0 && open < key.length - 2;
  return isNamed ? { wrongValue } : { wrongKey: `must have the form ${known.replace('[', '')}[name]` };
}
