import { virtualHostName } from '../names.ts';

/**
 * Other names under which a client may ask for `hostname`: with a trailing dot, and what its DNS search path lets it
 * leave out. `port` 0 gives names alone, otherwise each is followed by `name:port` (Istio `GenerateAltVirtualHosts`).
 */
export function alternateHosts(hostname: string, port: number, dnsDomain: string, absoluteNames: boolean): readonly string[] {
  const absolute = absoluteNames && !isAddress(hostname) ? withPort([`${hostname}.`], port) : [];
  return [...absolute, ...withPort(shortNames(hostname, dnsDomain), port)];
}

/** Each name, followed by `name:port` unless the port is 0. */
export function withPort(names: readonly string[], port: number): readonly string[] {
  return names.flatMap((name) => {
    const host = name.includes(':') ? `[${name}]` : name;
    return port === 0 ? [host] : [host, virtualHostName(name, port)];
  });
}

function shortNames(hostname: string, dnsDomain: string): readonly string[] {
  if (!dnsDomain.includes('.svc.')) return namesInSharedDomain(hostname, dnsDomain);
  // Only names of the proxy's own cluster may be shortened: others could take the place of a service of that name.
  const suffix = dnsDomain.slice(Math.max(dnsDomain.indexOf('.svc.'), 0));
  return hostname.endsWith(suffix) ? kubernetesNames(hostname, dnsDomain.slice(0, dnsDomain.indexOf('.svc.'))) : [];
}

/** `web`, `web.shop.svc` and `web.shop` inside namespace `shop`; without the first from elsewhere. */
function kubernetesNames(hostname: string, ownNamespace: string): readonly string[] {
  const svc = hostname.indexOf('.svc.');
  const dot = hostname.indexOf('.');
  if (svc <= 0 || dot + 1 > svc) return [];
  const qualified = hostname.slice(0, svc);
  if (hostname.slice(dot + 1, svc) === ownNamespace) return [hostname.slice(0, dot), `${qualified}.svc`, qualified];
  return [qualified, `${qualified}.svc`];
}

/** Outside Kubernetes: `foo.local.campus.net` asked for from `remote.campus.net` is also `foo.local` and `foo.local.campus`. */
function namesInSharedDomain(hostname: string, dnsDomain: string): readonly string[] {
  const parts = hostname.split('.');
  const domain = dnsDomain.split('.');
  let shared = 0;
  while (shared < Math.min(parts.length, domain.length) && parts.at(-1 - shared) === domain.at(-1 - shared)) shared++;
  if (shared === 0) return [];
  const unique = parts.slice(0, parts.length - shared);
  const name = unique.join('.');
  return unique.length === 2 ? [name, `${name}.${parts[unique.length]}`] : [name];
}

function isAddress(hostname: string): boolean {
  return hostname.includes(':') || /^\d+(\.\d+){3}$/.test(hostname);
}
