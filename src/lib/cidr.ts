/** An IPv4 or IPv6 prefix as a number: `10.1.0.0/16`, `fd00::/8`. */
export interface Cidr {
  readonly version: 4 | 6;
  /** The address with its host bits as written; `maskCidr` clears them. */
  readonly address: bigint;
  readonly prefixLength: number;
}

export function isIpv4(text: string): boolean {
  return parseIpv4(text) !== undefined;
}

export function isIpv6(text: string): boolean {
  return parseIpv6(text) !== undefined;
}

export function isIpAddress(text: string): boolean {
  return isIpv4(text) || isIpv6(text);
}

/** Parses `address/length`; an address alone is its own prefix (/32 or /128). No leading zeros, no zones (Go `netip`). */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf('/');
  const host = slash < 0 ? text : text.slice(0, slash);
  const v4 = parseIpv4(host);
  const address = v4 ?? parseIpv6(host);
  if (address === undefined) return undefined;
  const bits = v4 === undefined ? 128 : 32;
  const length = slash < 0 ? String(bits) : text.slice(slash + 1);
  if (!/^(0|[1-9]\d{0,2})$/.test(length) || Number(length) > bits) return undefined;
  return { version: v4 === undefined ? 6 : 4, address, prefixLength: Number(length) };
}

/** Clears the bits behind the prefix. */
export function maskCidr(cidr: Cidr): Cidr {
  const hostBits = BigInt(widthOf(cidr) - cidr.prefixLength);
  return { ...cidr, address: (cidr.address >> hostBits) << hostBits };
}

/** Whether every address of `inner` is one of `outer`; an IPv4 prefix never holds an IPv6 one. */
export function containsCidr(outer: Cidr, inner: Cidr): boolean {
  if (outer.version !== inner.version || outer.prefixLength > inner.prefixLength) return false;
  const hostBits = BigInt(widthOf(outer) - outer.prefixLength);
  return outer.address >> hostBits === inner.address >> hostBits;
}

/** IPv4 before IPv6, then by address, then the wider prefix first. */
export function compareCidr(a: Cidr, b: Cidr): number {
  if (a.version !== b.version) return a.version - b.version;
  if (a.address !== b.address) return a.address < b.address ? -1 : 1;
  return a.prefixLength - b.prefixLength;
}

/** The address alone, IPv6 in the form of RFC 5952. */
export function formatAddress(cidr: Cidr): string {
  return cidr.version === 4 ? formatIpv4(cidr.address) : formatIpv6(cidr.address);
}

export function formatCidr(cidr: Cidr): string {
  return `${formatAddress(cidr)}/${cidr.prefixLength}`;
}

function widthOf(cidr: Cidr): number {
  return cidr.version === 4 ? 32 : 128;
}

function parseIpv4(text: string): bigint | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (!match) return undefined;
  let value = 0;
  for (const part of match.slice(1)) {
    if (Number(part) > 255 || (part.length > 1 && part.startsWith('0'))) return undefined;
    value = value * 256 + Number(part);
  }
  return BigInt(value);
}

function parseIpv6(text: string): bigint | undefined {
  if (!text.includes(':') || text.length > 45) return undefined;
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = parseGroups(halves[0] ?? '', halves.length === 1);
  const tail = halves.length === 2 ? parseGroups(halves[1] ?? '', true) : [];
  if (!head || !tail) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  let value = 0n;
  for (const group of [...head, ...Array<number>(missing).fill(0), ...tail]) value = (value << 16n) | BigInt(group);
  return value;
}

/** Groups of 16 bits; only the end of an address may be written as IPv4. */
function parseGroups(text: string, atEnd: boolean): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else {
      const v4 = atEnd && index === parts.length - 1 ? parseIpv4(part) : undefined;
      if (v4 === undefined) return undefined;
      groups.push(Number(v4 >> 16n), Number(v4 & 0xffffn));
    }
  }
  return groups;
}

function formatIpv4(address: bigint): string {
  const n = Number(address);
  return [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255].join('.');
}

function formatIpv6(address: bigint): string {
  const groups = Array.from({ length: 8 }, (_, i) => Number((address >> BigInt(112 - 16 * i)) & 0xffffn));
  if (address >> 32n === 0xffffn) return `::ffff:${formatIpv4(address & 0xffffffffn)}`;
  const zeros = longestZeros(groups);
  const hex = groups.map((group) => group.toString(16));
  if (zeros.length < 2) return hex.join(':');
  return `${hex.slice(0, zeros.start).join(':')}::${hex.slice(zeros.start + zeros.length).join(':')}`;
}

function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  return best;
}
