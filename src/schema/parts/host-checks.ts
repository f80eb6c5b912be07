/** Rules on host names, after Istio's `pkg/config/validation/agent`: each function says what is wrong, or undefined. */

import { isIpAddress, parseCidr } from '../../lib/cidr.ts';

const label = /^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/;
const wildcardLabel = /^(\*|(\*|\*-)?[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?)$/;

/** A DNS label as Istio takes it, in either case. */
export function isDnsLabel(text: string): boolean {
  return text.length <= 63 && label.test(text);
}

/** Addresses as Go's netip takes them; an IPv6 zone is allowed. */
export function isAddress(text: string): boolean {
  const zone = text.indexOf('%');
  return isIpAddress(zone > 0 && text.includes(':') && zone < text.length - 1 ? text.slice(0, zone) : text);
}

/** A full name: labels joined by dots, the last one not a number; a dot may end it. */
export function wrongFqdn(text: string): string | undefined {
  return wrongLength(text) ?? wrongLabels(text);
}

/** A full name whose first label may be or begin with `*`. */
export function wrongWildcardDomain(text: string): string | undefined {
  const wrong = wrongLength(text);
  if (wrong !== undefined) return wrong;
  const dot = text.indexOf('.');
  const first = dot < 0 ? text : text.slice(0, dot);
  if (first.length > 63 || !wildcardLabel.test(first)) return `must be a host name (label "${first}" is not valid)`;
  return dot < 0 ? undefined : wrongLabels(text.slice(dot + 1));
}

/** As Envoy's AUTO_PASSTHROUGH names services: `outbound_.80_._.reviews.default.svc.cluster.local`. */
export function wrongSniOrWildcardDomain(text: string): string | undefined {
  if (!text.startsWith('outbound_')) return wrongWildcardDomain(text);
  const parts = text.split('_');
  const fits = parts.length >= 4 && /\d/.test(parts[1]!) && /[a-zA-Z]/.test(parts[3]!);
  return wrongLength(text) ?? (fits ? undefined : 'must have the form outbound_.<port>_.<subset>_.<host>');
}

/** A wildcard that is neither a whole label nor the whole host, such as `*foo.com`. */
export function wrongPartialWildcard(text: string): string | undefined {
  const partial = text.includes('*') && text !== '*' && !text.startsWith('*.');
  return partial ? 'must not have a partial wildcard; "*" stands for a whole label' : undefined;
}

/** `namespace/host`; in a Gateway the namespace may be missing, in a Sidecar it may exclude with `~`. */
export function wrongNamespacedHost(text: string, owner: 'Gateway' | 'Sidecar'): string | undefined {
  const slash = text.indexOf('/');
  if (slash < 0) return owner === 'Gateway' ? wrongServedHost(text, owner) : 'must have the form namespace/host';
  const namespace = text.slice(0, slash);
  const host = text.slice(slash + 1);
  if (namespace === '' || host === '') return 'must have a namespace and a host';
  const bare = owner === 'Sidecar' && namespace.startsWith('~') ? namespace.slice(1) : namespace;
  const named = bare === '*' || bare === '.' || (bare === '' && owner === 'Sidecar') || isDnsLabel(bare);
  return named ? wrongServedHost(host, owner) : `must have a namespace, "." or "*" before the slash, not "${namespace}"`;
}

function wrongServedHost(host: string, owner: 'Gateway' | 'Sidecar'): string | undefined {
  if (host !== '*' && !host.includes('.') && !(owner === 'Gateway' && isAddress(host))) return 'must be a full name, not a short one';
  const wrong = wrongWildcardDomain(host);
  if (wrong !== undefined && !(owner === 'Gateway' && isAddress(host))) return wrong;
  return wrongPartialWildcard(host);
}

/** An address or a CIDR block. */
export function wrongSubnet(text: string): string | undefined {
  if (text.includes('/')) return parseCidr(text) ? undefined : 'must be a CIDR block such as 10.0.0.0/8';
  return isAddress(text) ? undefined : 'must be an IP address or a CIDR block';
}

/** The path part of a `unix://` address; abstract sockets begin with `@`. */
export function wrongSocketPath(path: string): string | undefined {
  if (path.startsWith('@')) return undefined;
  return path.startsWith('/') && !path.endsWith('/') ? undefined : 'must be the absolute path of a socket file';
}

export const unixPrefix = 'unix://';

export function wrongPort(port: number): string | undefined {
  return Number.isInteger(port) && port >= 1 && port <= 65535 ? undefined : `must be a port from 1 to 65535, not ${port}`;
}

function wrongLength(text: string): string | undefined {
  if (text === '') return 'must not be empty';
  return text.length > 255 ? 'must have at most 255 characters' : undefined;
}

function wrongLabels(text: string): string | undefined {
  const labels = text.split('.');
  const top = labels[labels.length - 1]!;
  if (/^[+-]?\d+$/.test(top)) return `must be a host name (its last label "${top}" is a number)`;
  const wrong = labels.find((part, i) => !(i === labels.length - 1 && part === '') && !isDnsLabel(part));
  return wrong === undefined ? undefined : `must be a host name (label "${wrong}" is not valid)`;
}
