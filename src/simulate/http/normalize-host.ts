import type { HttpConnectionManager } from '../../envoy/generated/envoy/extensions/filters/network/http_connection_manager/v3/HttpConnectionManager.ts';

/** The Host header as the connection manager leaves it: without a trailing dot, or a port, where it is told so. */
export function normalizeHost(manager: HttpConnectionManager, host: string, listenerPort: number): string {
  const undotted = manager.strip_trailing_host_dot === true ? withoutTrailingDot(host) : host;
  if (manager.strip_any_host_port === true) return withoutPort(undotted, undefined);
  return manager.strip_matching_host_port === true ? withoutPort(undotted, listenerPort) : undotted;
}

/** Where the port of `host:port` or `[v6]:port` begins, its colon included; -1: there is none. An empty port is one. */
export function portStart(host: string): number {
  const colon = host.lastIndexOf(':');
  return colon > host.lastIndexOf(']') ? colon : -1;
}

/** Characters that may stand in an authority. */
export function isHostValid(host: string): boolean {
  return /^[A-Za-z0-9!$%&'()*+,\-.:;=@[\]_~]*$/.test(host);
}

function withoutPort(host: string, only: number | undefined): string {
  const start = portStart(host);
  const port = host.slice(start + 1);
  if (start < 0 || !/^\d+$/.test(port)) return host;
  return only === undefined || Number(port) === only ? host.slice(0, start) : host;
}

function withoutTrailingDot(host: string): string {
  const dot = host.lastIndexOf('.');
  if (dot < 0) return host;
  if (dot === host.length - 1) return host.slice(0, -1);
  return host.charAt(dot + 1) === ':' ? host.slice(0, dot) + host.slice(dot + 1) : host;
}
