/** Rules on HTTP header names and values in configuration, after Istio's validation and Envoy's header formatter. */

import type { Path } from '../field/parse-context.ts';
import type { Report } from '../report.ts';

const token = /^[!#$%&'*+\-.^_`|~A-Za-z0-9]+$/;
const pseudoHeaders: readonly string[] = [':method', ':scheme', ':authority', ':path', ':status'];

/** `@request.auth.claims.name` or `@request.auth.claims[name]`: matches a claim of the JWT instead of a header. */
export function isClaimMatch(name: string): boolean {
  const prefix = '@request.auth.claims';
  if (name.slice(0, prefix.length).toLowerCase() !== prefix) return false;
  const rest = name.slice(prefix.length);
  return (rest.startsWith('.') && rest.length > 1) || (rest.startsWith('[') && rest.endsWith(']') && rest.length > 2);
}

/** A name that a route may match on. */
export function wrongMatchedHeader(name: string): string | undefined {
  if (isClaimMatch(name) || pseudoHeaders.includes(name) || token.test(name)) return undefined;
  return name === '' ? 'must not be empty' : 'must be the name of a header, a pseudo header or @request.auth.claims.<name>';
}

/** A name in a CORS policy. */
export function wrongCorsHeader(name: string): string | undefined {
  return token.test(name) ? undefined : 'must be the name of a header or "*"';
}

export function isAuthority(name: string): boolean {
  const lower = name.toLowerCase();
  return lower === ':authority' || lower === 'host';
}

/** A name that a rule sets, adds or removes; only in requests, and only set or added, may it be the authority. */
export function wrongChangedHeader(name: string, mayBeAuthority: boolean): string | undefined {
  if (name === '') return 'must not be an empty header name';
  if (mayBeAuthority && isAuthority(name)) return undefined;
  if (name.toLowerCase() === 'host') return 'must not change the Host header here';
  return name.startsWith(':') ? 'must not change a pseudo header' : undefined;
}

/** A value with Envoy's `%VARIABLE(...)%` expressions: no control characters, every `%` part of an expression or doubled. */
export function wrongHeaderValue(value: string): string | undefined {
  if (hasControlCharacter(value)) return 'must not have control characters';
  let at = 0;
  while (at < value.length) {
    if (value[at] !== '%') at++;
    else if (value[at + 1] === '%') at += 2;
    else {
      const end = endOfVariable(value, at + 1);
      if (end === undefined) return 'must have every "%" as part of %VARIABLE% or doubled';
      at = end;
    }
  }
  return undefined;
}

/** A tab is none. */
function hasControlCharacter(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if ((code < 32 && code !== 9) || code === 127) return true;
  }
  return false;
}

/** Position after the `%` that ends the variable which begins at `start`; undefined where none does. */
function endOfVariable(value: string, start: number): number | undefined {
  let at = start;
  while (at < value.length && value[at] !== '%' && value[at] !== '(') at++;
  if (at >= value.length) return undefined;
  if (value[at] === '%') return at + 1;
  const end = endOfArguments(value, at + 1);
  if (end === undefined) return undefined;
  at = skipSpaces(value, end);
  return value[at] === '%' ? at + 1 : undefined;
}

/** Arguments are free text up to `)`, or a JSON array of strings. */
function endOfArguments(value: string, start: number): number | undefined {
  const first = skipSpaces(value, start);
  if (value[first] !== '[') return endOfFreeText(value, first + 1);
  let at = first + 1;
  for (;;) {
    at = skipSpaces(value, at);
    if (value[at] !== '"') return undefined;
    at = endOfString(value, at + 1);
    if (value[at - 1] === ')') return at;
    at = skipSpaces(value, at);
    if (value[at] === ',') at++;
    else break;
  }
  if (value[at] !== ']') return undefined;
  at = skipSpaces(value, at + 1);
  return value[at] === ')' ? at + 1 : undefined;
}

function endOfFreeText(value: string, start: number): number | undefined {
  const end = endOfString(value, start);
  if (value[end - 1] === ')') return end;
  const close = value.indexOf(')', end);
  return close < 0 ? undefined : close + 1;
}

/** Position after the closing quote or parenthesis, whichever comes first; a backslash takes the next character with it. */
function endOfString(value: string, start: number): number {
  let at = start;
  while (at < value.length && value[at] !== '"' && value[at] !== ')') at += value[at] === '\\' ? 2 : 1;
  return at + 1;
}

function skipSpaces(value: string, start: number): number {
  let at = start;
  while (value[at] === ' ') at++;
  return at;
}

interface HeaderOperations {
  readonly set?: Readonly<Record<string, string>>;
  readonly add?: Readonly<Record<string, string>>;
  readonly remove?: readonly string[];
}

export interface HeaderChanges {
  readonly request?: HeaderOperations;
  readonly response?: HeaderOperations;
}

/** The `headers` of a route or destination. */
export function checkHeaders(headers: HeaderChanges | undefined, path: Path, report: Report): void {
  for (const side of ['request', 'response'] as const) {
    const operations = headers?.[side];
    for (const action of ['set', 'add'] as const) {
      const values = operations?.[action];
      for (const name in values) {
        const at = [...path, side, action, name];
        const wrong = wrongChangedHeader(name, side === 'request') ?? wrongHeaderValue(values[name]!);
        if (wrong !== undefined) report.error(at, wrong);
      }
    }
    for (const [i, name] of (operations?.remove ?? []).entries()) {
      const wrong = wrongChangedHeader(name, false);
      if (wrong !== undefined) report.error([...path, side, 'remove', i], wrong);
    }
  }
}
