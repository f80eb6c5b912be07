/** Pools of names that requests and rules draw from alike, so that they meet, and that are nasty in one way or another. */

/** Hosts of services. */
export const serviceHosts = ['a.internal', 'b.internal', 'Mixed.Internal', 'x.deep.internal', '*.wild.internal'] as const;

/** Hosts of rules and gateways. */
export const ruleHosts = [...serviceHosts, 'Unknown.example.com', '*.internal', '*.deep.internal', '*.com', '*'] as const;

/** Hosts of requests before `hostForms`, those of services first. */
export const knownHosts = ['a.internal', 'b.internal', 'mixed.internal', 'x.deep.internal'] as const;
export const askedHosts = [
  ...knownHosts,
  'y.deep.internal',
  'one.wild.internal',
  'wild.internal',
  'unknown.example.com',
  'other.example.org',
  'internal',
] as const;

/** What clients make of a host. */
export const hostForms: readonly ((host: string, port: number) => string)[] = [
  (host) => host,
  (host) => host,
  (host, port) => `${host}:${port}`,
  (host) => host.toUpperCase(),
  (host) => `${host}.`,
  (host, port) => `${host}.:${port}`,
  (host) => `${host}:1`,
  (host) => `${host}:`,
  (host) => `x.${host}`,
  () => '',
  (host) => `${host}@`,
  (host) => `${host}/`,
  (host) => `[::1]:80${host.length}`,
];

/** Paths of rules. */
export const rulePaths = [
  '/',
  '/a',
  '/A',
  '/a/',
  '/a/b',
  '/a//b',
  '/api/v1',
  '/api',
  '/a.b',
  '/a%20b',
  '/a;x',
  '/caf%C3%A9',
  '/a+b',
] as const;

/** Paths of requests. */
export const askedPaths = [
  ...rulePaths,
  '/ab',
  '/A/B',
  '/a/b/c',
  '/api/v1/users/42',
  '/api/v10',
  '//',
  '//a',
  '/a//b',
  '/a/./b',
  '/a/../b',
  '/../a',
  '/a/..',
  '/a/.',
  '/a/...',
  '/a/.b',
  '/a/%2e%2E/b',
  '/a/%2e',
  '/%2e%2e/%2e%2e/a',
  '/a%2fb',
  '/a%2F%2Fb',
  '/a%5cb',
  '/a\\b',
  '/a\\..\\b',
  '/%61',
  '/%41%7e',
  '/a%',
  '/a%2',
  '/a%zz',
  '/a%25%32%66b',
  '/a%00b',
  '/a%ffb',
  '/a|b',
  '/a"b',
  '/a<b>',
  '/a^b',
  '/a`b',
  '/a{b}',
  "/a'b",
  '/a[b]',
  '/a,b',
  '/a;x=1',
  '/a;x=1/b',
  '/a:b',
  '/a@b',
  '/a$b!*()',
  '/a#b',
  '/~user',
  'a',
  '*',
] as const;

export const queries = [
  '',
  '',
  '',
  '?',
  '?q=1',
  '?q=',
  '?q',
  '?Q=1',
  '?q=2&q=1',
  '?x=1&q=1',
  '?q=%31',
  '?q=1?2',
  '?q=1&',
  '?&&q=a/../b',
  '?q=a%20b',
] as const;

export const headerNames = ['x-user', 'X-Mode', 'origin', 'content-type', 'cookie'] as const;
export const headerValues = [
  '',
  'jason',
  'Jason',
  'jason ',
  'jason,other',
  'v1',
  '42',
  '-7',
  'application/grpc',
  'http://app.example.com',
  'a=b; c=d',
] as const;

export const methods = ['GET', 'POST', 'PUT', 'OPTIONS', 'HEAD', 'DELETE'] as const;
