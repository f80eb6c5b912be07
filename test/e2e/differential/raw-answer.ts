import type { Header } from '../../../src/simulate/request.ts';

/** What an application was asked, byte for byte. */
export interface Echoed {
  readonly backend: string;
  readonly method: string;
  readonly path: string;
  readonly host: string;
  readonly headers: readonly Header[];
}

export interface RawAnswer {
  readonly status: number;
  /** By names in small letters; of several values a list with commas. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  /** Undefined where no application answered. */
  readonly echoed: Echoed | undefined;
}

/** The header in which applications tell what they were asked. */
export const echoHeader = 'x-echo';

export function writeEcho(echoed: Echoed): string {
  return Buffer.from(JSON.stringify(echoed)).toString('base64');
}

export function readEcho(headers: ReadonlyMap<string, string>): Echoed | undefined {
  const echo = headers.get(echoHeader);
  return echo === undefined ? undefined : (JSON.parse(Buffer.from(echo, 'base64').toString()) as Echoed);
}

/** Values of one name with commas between them, as receivers may join them (RFC 9110, 5.3). */
export function joinedHeaders(headers: Iterable<Header>): ReadonlyMap<string, string> {
  const joined = new Map<string, string>();
  for (const [name, text] of headers) {
    const key = name.toLowerCase();
    const held = joined.get(key);
    joined.set(key, held === undefined ? text.trim() : `${held},${text.trim()}`);
  }
  return joined;
}
