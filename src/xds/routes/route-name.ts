/** A sidecar's route name, taken apart. */
export interface RouteName {
  /** 0 for `http_proxy`, a Unix socket, and whatever is no port. */
  readonly port: number;
  /** The host of a sniffed listener's table, brackets of IPv6 left out; otherwise empty. */
  readonly host: string;
  readonly isSniffed: boolean;
}

/** `80`, `host:80` (a listener that sniffs), `http_proxy`, `unix:///path` (Istio `extractListenerPort`). */
export function parseRouteName(name: string): RouteName {
  const colon = name.lastIndexOf(':');
  if (name.startsWith('unix://') || colon < 0) return { port: toPort(name), host: '', isSniffed: false };
  const host = name.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
  return { port: toPort(name.slice(colon + 1)), host, isSniffed: true };
}

function toPort(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : 0;
}
