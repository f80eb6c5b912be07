import fc from 'fast-check';
import { headers } from './header-rules.ts';
import { askedHosts, headerNames, headerValues, methods, ruleHosts, rulePaths, serviceHosts } from './names.ts';

type Json = Readonly<Record<string, unknown>>;

/** Members that are there or not, so that shrinking can drop them. */
export function some<T extends Readonly<Record<string, fc.Arbitrary<unknown>>>>(members: T): fc.Arbitrary<Json> {
  return fc.record(members, { requiredKeys: [] }) as fc.Arbitrary<Json>;
}

const concreteHosts = serviceHosts.filter((host) => !host.startsWith('*'));
export const subsets = ['v1', 'v2', 'empty'] as const;
export const servicePorts = [18080, 18081] as const;

function textMatch(...values: readonly string[]): fc.Arbitrary<Json> {
  const value = fc.constantFrom(...values.filter((text) => text !== ''));
  const regex = fc.constantFrom(
    '.*',
    '/a.*',
    '/api/v[0-9]+',
    '(?i)/A(/b)?',
    'jason|v1',
    '[^/]+',
    '/a[/]{1,2}b',
    '\\d+',
    '/(a|ab)(b?)',
    '.*=d',
  );
  return fc.oneof(fc.record({ exact: value }), fc.record({ prefix: value }), fc.record({ regex })) as fc.Arbitrary<Json>;
}

const match: fc.Arbitrary<Json> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ uri: textMatch(...rulePaths) }) as fc.Arbitrary<Json> },
  {
    weight: 4,
    arbitrary: some({
      uri: textMatch(...rulePaths),
      ignoreUriCase: fc.boolean(),
      method: textMatch(...methods),
      authority: textMatch(...askedHosts),
      scheme: textMatch('http', 'https'),
      port: fc.constantFrom(...servicePorts),
      headers: fc.dictionary(
        fc.constantFrom(...headerNames, 'x-request-id', 'x-forwarded-proto'),
        fc.oneof(textMatch(...headerValues), fc.constant({})),
        { maxKeys: 2 },
      ),
      withoutHeaders: fc.dictionary(fc.constantFrom(...headerNames), fc.oneof(textMatch(...headerValues), fc.constant({})), { maxKeys: 1 }),
      queryParams: fc.dictionary(fc.constantFrom('q', 'Q', 'x'), fc.oneof(textMatch('1', '', 'a/../b', '%31'), fc.constant({})), {
        maxKeys: 1,
      }),
      sourceNamespace: fc.constantFrom('shop', 'pay'),
      sourceLabels: fc.constantFrom({ app: 'client' }, { app: 'other' }),
      gateways: fc.constantFrom(['mesh'], ['edge'], ['mesh', 'edge']),
    }),
  },
);

const destination = fc.record(
  {
    host: fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom<string>(...concreteHosts) },
      { weight: 1, arbitrary: fc.constant('nowhere.internal') },
    ),
    subset: fc.oneof(
      { weight: 3, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constantFrom<string>(...subsets, 'missing') },
    ),
    port: fc.oneof(
      { weight: 3, arbitrary: fc.constant(undefined) },
      fc.constantFrom(...servicePorts).map((number) => ({ number })),
    ),
  },
  { requiredKeys: ['host'] },
);

const routes = fc.oneof(
  { weight: 3, arbitrary: destination.map((one) => [{ destination: one }]) },
  {
    weight: 2,
    arbitrary: fc.array(fc.record({ destination, weight: fc.nat({ max: 60 }), headers: fc.option(headers, { nil: undefined }) }), {
      minLength: 2,
      maxLength: 3,
    }),
  },
);

const rewrite = fc
  .oneof(
    some({
      uri: fc.constantFrom('/', '/new', '/new/', '/a//b', '/%2e'),
      authority: fc.constantFrom('rewritten.internal', 'Rewritten.internal:81'),
    }),
    fc.record({
      uriRegexRewrite: fc.constantFrom(
        { match: '^/a(.*)$', rewrite: '/x\\1' },
        { match: '/', rewrite: '-' },
        { match: 'a*', rewrite: 'Z' },
        { match: '^/(?P<first>[^/]*)/(.*)', rewrite: '/\\2/\\1' },
        { match: 'b', rewrite: '\\0\\0' },
      ),
    }),
  )
  .filter((one) => Object.keys(one).length > 0);

const fault = fc.oneof(
  fc.record({
    abort: fc.record({
      httpStatus: fc.constantFrom(400, 418, 503),
      percentage: fc.constantFrom({ value: 0 }, { value: 100 }, { value: 50 }),
    }),
  }),
  fc.constant({ abort: { grpcStatus: 'UNAVAILABLE', percentage: { value: 100 } } }),
  fc.constant({ delay: { fixedDelay: '0.001s', percentage: { value: 100 } } }),
);

const corsPolicy = fc.record(
  {
    allowOrigins: fc.array(
      fc.oneof(
        fc.constant({ exact: 'http://app.example.com' }),
        fc.constant({ prefix: 'http://' }),
        fc.constant({ regex: '.*other.*' }),
        fc.constant({ exact: '*' }),
      ),
      { minLength: 1, maxLength: 2 },
    ),
    allowMethods: fc.constant(['GET', 'PUT']),
    unmatchedPreflights: fc.constantFrom('IGNORE', 'FORWARD'),
  },
  { requiredKeys: ['allowOrigins'] },
);

const redirect = some({
  uri: fc.constantFrom('/there', '/there?q=own', '/'),
  authority: fc.constantFrom('elsewhere.example.com', 'elsewhere.example.com:8443'),
  scheme: fc.constantFrom('https', 'http'),
  port: fc.constantFrom(80, 443, 8443),
  redirectCode: fc.constantFrom(301, 302, 303, 307, 308),
}).filter((one) => Object.keys(one).length > 0);

const matches = fc.oneof(
  { weight: 4, arbitrary: fc.array(match, { minLength: 1, maxLength: 3 }) },
  { weight: 1, arbitrary: fc.constant(undefined) },
);

/** Two places that set the host are refused. */
function withOneAuthority(route: Json): Json {
  const { headers: _, ...others } = route;
  const rewrites = route['rewrite'] as Json | undefined;
  return rewrites?.['authority'] === undefined ? route : others;
}

/** One `http` entry of a VirtualService. */
const httpRoute: fc.Arbitrary<Json> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .record(
        {
          match: matches,
          route: routes,
          rewrite: fc.option(rewrite, { nil: undefined, freq: 2 }),
          fault: fc.option(fault, { nil: undefined, freq: 4 }),
          corsPolicy: fc.option(corsPolicy, { nil: undefined, freq: 4 }),
          headers: fc.option(headers, { nil: undefined, freq: 2 }),
          timeout: fc.constantFrom(undefined, '5s'),
          retries: fc.constant({ attempts: 0 }),
          mirror: fc.option(destination, { nil: undefined, freq: 8 }),
        },
        { requiredKeys: ['route'] },
      )
      .map(withOneAuthority),
  },
  {
    weight: 2,
    arbitrary: fc.record(
      { match: matches, redirect, headers: fc.option(headers, { nil: undefined }) },
      { requiredKeys: ['redirect'] },
    ) as fc.Arbitrary<Json>,
  },
  {
    weight: 1,
    arbitrary: fc.record(
      {
        match: matches,
        headers: fc.option(headers, { nil: undefined }),
        directResponse: fc.record({
          status: fc.constantFrom(200, 404, 503),
          body: fc.option(fc.constant({ string: 'direct' }), { nil: undefined }),
        }),
      },
      { requiredKeys: ['directResponse'] },
    ) as fc.Arbitrary<Json>,
  },
);

/** The last entry takes everything as a rule, so that requests arrive somewhere. */
const lastRoute = fc.record({ route: destination.map((one) => [{ destination: one }]), retries: fc.constant({ attempts: 0 }) });

export const virtualService: fc.Arbitrary<Json> = fc
  .record({
    hosts: fc.uniqueArray(
      fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom<string>(...serviceHosts) },
        { weight: 1, arbitrary: fc.constantFrom<string>(...ruleHosts) },
      ),
      {
        minLength: 1,
        maxLength: 3,
      },
    ),
    gateways: fc.constantFrom(undefined, ['mesh'], ['edge'], ['mesh', 'edge'], ['mesh', 'edge'], ['mesh', 'edge'], ['shop/edge']),
    http: fc.array(httpRoute, { minLength: 1, maxLength: 4 }),
    last: fc.option(lastRoute, { nil: undefined, freq: 4 }),
  })
  .map(({ hosts, gateways, http, last }) => ({
    hosts,
    // A host of all hosts is for gateways alone.
    ...(hosts.includes('*') ? { gateways: ['edge'] } : gateways && { gateways }),
    http: last === undefined ? http : [...http, last],
  }));
