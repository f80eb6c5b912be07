import fc from 'fast-check';
import type { Header } from '../../../src/simulate/request.ts';
import { clientHeaderNames } from './header-rules.ts';
import { askedHosts, askedPaths, headerValues, hostForms, knownHosts, methods, queries, rulePaths } from './names.ts';

/** Where a request enters. */
export const doors = ['sidecar', 'other sidecar port', 'http proxy', 'gateway', 'other gateway port'] as const;
export type Door = (typeof doors)[number];

export interface Asked {
  readonly door: Door;
  readonly version: 'http' | 'http2';
  readonly host: string;
  /** Which of `hostForms`. */
  readonly form: number;
  readonly method: string;
  readonly path: string;
  readonly headers: readonly Header[];
}

const headerCase = fc.constantFrom(
  (name: string) => name,
  (name: string) => name.toUpperCase(),
  (name: string) => name.toLowerCase(),
);
const header: fc.Arbitrary<Header> = fc.oneof(
  fc
    .tuple(fc.constantFrom(...clientHeaderNames), headerCase, fc.constantFrom(...headerValues))
    .map(([name, form, value]): Header => [form(name), value]),
  fc.constantFrom<Header>(
    ['origin', 'http://app.example.com'],
    ['x-forwarded-proto', 'https'],
    ['x-request-id', 'mine'],
    ['x-envoy-fault-abort-request', '418'],
  ),
);

const preflight: fc.Arbitrary<Asked['headers']> = fc.constantFrom('http://app.example.com', 'https://other', 'null').map((origin) => [
  ['Origin', origin],
  ['Access-Control-Request-Method', 'PUT'],
]);

const plain = fc.record({
  method: fc.oneof(fc.constant('GET'), fc.constantFrom<string>(...methods)),
  headers: fc.array(header, { maxLength: 3 }),
});

/** Mostly plain, so that rules are met; nasty now and then. */
export const asked: fc.Arbitrary<Asked> = fc
  .record({
    asked: fc.oneof(
      { weight: 9, arbitrary: plain },
      { weight: 1, arbitrary: fc.record({ method: fc.constant('OPTIONS'), headers: preflight }) },
    ),
    door: fc.constantFrom(...doors),
    version: fc.constantFrom<Asked['version']>('http', 'http', 'http2'),
    host: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom<string>(...knownHosts) },
      { weight: 1, arbitrary: fc.constantFrom<string>(...askedHosts) },
    ),
    form: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: hostForms.length - 1 }) }),
    path: fc
      .tuple(fc.oneof(fc.constantFrom<string>(...rulePaths), fc.constantFrom<string>(...askedPaths)), fc.constantFrom(...queries))
      .map(([path, query]) => path + query),
  })
  .map(({ asked: { method, headers }, ...others }) => ({
    ...others,
    method,
    headers: others.version === 'http' ? headers : single(headers),
  }));

/** The client of HTTP/2 sends one value of a header. */
function single(headers: readonly Header[]): readonly Header[] {
  return [...new Map(headers.map((header) => [header[0].toLowerCase(), header])).values()];
}
