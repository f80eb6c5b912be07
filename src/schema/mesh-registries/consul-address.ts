/** Says what is wrong with an address of Consul: `HOST:PORT`, optionally after `http://` or `https://`. */
export function consulAddress(text: string): string | undefined {
  const parsed = parseConsulAddress(text);
  return 'problem' in parsed ? parsed.problem : undefined;
}

export interface ConsulAddress {
  readonly scheme: 'http' | 'https';
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
}

/** Port 8500, or 8501 behind `https://`, where none is written. */
export function parseConsulAddress(text: string): ConsulAddress | { readonly problem: string } {
  const [, scheme, rest = ''] = /^(?:([A-Za-z][A-Za-z0-9+.-]*):\/\/)?(.*)$/s.exec(text) ?? [];
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https')
    return { problem: 'must begin with http:// or https://, or with a host' };
  if (rest.includes('@')) return { problem: 'must not hold credentials' };
  const [, bracketed, plain, port] = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::(\d{1,5}))?$/.exec(rest) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined) return { problem: 'must be HOST:PORT' };
  const number = port === undefined ? (scheme === 'https' ? 8501 : 8500) : Number(port);
  if (number < 1 || number > 65535) return { problem: 'must have a port between 1 and 65535' };
  return { scheme: scheme ?? 'http', host, port: number };
}
