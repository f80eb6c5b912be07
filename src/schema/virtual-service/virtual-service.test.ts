import { describe, expect, it } from 'vitest';
import { issuesOf } from '../issues-of.ts';

const route = [{ destination: { host: 'a' } }];
const vs = (fields: object) => issuesOf('VirtualService', { hosts: ['a'], http: [{ route }], ...fields });
const http = (fields: object) => vs({ http: [{ route, ...fields }] });
const bare = (fields: object) => vs({ http: [fields] });
const match = (fields: object) => http({ match: [fields] });

describe('VirtualService', () => {
  it('accepts a whole one', () => {
    const issues = vs({
      hosts: ['reviews.prod.svc.cluster.local', '*.example.com'],
      gateways: ['mesh', 'ns1/gw'],
      exportTo: ['.', 'other'],
      http: [
        {
          name: 'first',
          match: [
            {
              uri: { prefix: '' },
              headers: { cookie: { regex: '^(.*?;)?(user=jason)(;.*)?$' } },
              withoutHeaders: { x: { regex: '*' } },
              port: 80,
            },
          ],
          route: [
            {
              destination: { host: 'a', subset: 'v1', port: { number: 80 } },
              weight: 75,
              headers: { request: { set: { ':authority': 'x' } } },
            },
            { destination: { host: 'b' }, weight: 25 },
          ],
          timeout: '5s',
          retries: { attempts: 3, perTryTimeout: '2s', retryOn: 'gateway-error,503' },
          fault: { delay: { percentage: { value: 0.1 }, fixedDelay: '5s' }, abort: { httpStatus: 400, percentage: { value: 5 } } },
          mirror: { host: 'c' },
          mirrorPercentage: { value: 100 },
          corsPolicy: { allowOrigins: [{ exact: 'https://a' }], allowMethods: ['GET'], maxAge: '24h' },
          headers: { response: { add: { x: '%START_TIME(%s)% 100%%' }, remove: ['y'] } },
        },
        { redirect: { authority: 'x', redirectCode: 302 } },
      ],
      tcp: [{ match: [{ port: 27017, destinationSubnets: ['10.0.0.0/8'] }], route }],
      tls: [{ match: [{ port: 443, sniHosts: ['login.example.com'] }], route }],
    });
    expect(issues).toEqual([]);
  });

  it.each([
    [vs({ hosts: ['*'] }), 'error spec.hosts[0]: must not be "*" for the mesh; a wildcard needs a domain such as "*.example.com"'],
    [vs({ hosts: ['a_b'] }), 'error spec.hosts[0]: must be a host name (label "a_b" is not valid)'],
    [vs({ hosts: ['*.a.com', 'b.a.com'] }), 'error spec.hosts[1]: overlaps with "*.a.com"'],
    [vs({ gateways: ['a/b/c'] }), 'error spec.gateways[0]: must have the form namespace/name, not "a/b/c"'],
    [vs({ gateways: ['gw.ns1'] }), 'warning spec.gateways[0]: uses the old form name.namespace (use ns1/gw)'],
    [vs({ hosts: [], gateways: ['gw'] }), 'error spec.gateways: is not possible in a delegate, a VirtualService without hosts'],
    [vs({ http: [] }), 'error spec: must have http, tls or tcp rules'],
    [vs({ exportTo: ['.', 'ns'] }), 'error spec.exportTo[1]: repeats "ns"'],
    [vs({ exportTo: ['*', 'x'] }), 'error spec.exportTo: must not have other entries beside "*"'],
    [vs({ exportTo: ['~'] }), 'error spec.exportTo[0]: must be ".", "*" or a namespace, not "~"'],
    [bare({}), 'error spec.http[0]: must have a route, redirect or directResponse'],
    [http({ redirect: { uri: '/' } }), 'error spec.http[0].route: is not possible beside redirect'],
    [bare({ redirect: {} }), 'error spec.http[0].redirect: must have a uri, prefixRewrite, authority, scheme or port'],
    [bare({ redirect: { uri: '/', redirectCode: 200 } }), 'error spec.http[0].redirect.redirectCode: must be a status from 300 to 399'],
    [
      bare({ directResponse: { status: 1000 } }),
      'error spec.http[0].directResponse.status: must be an HTTP status from 200 to 599, not 1000',
    ],
    [bare({ delegate: { name: 'x' }, route }), 'error spec.http[0].route: is not possible beside delegate'],
    [
      http({ rewrite: { uri: '/', uriRegexRewrite: { match: 'a', rewrite: 'b' } } }),
      'error spec.http[0].rewrite: may have only one of uri and uriRegexRewrite',
    ],
    [http({ timeout: '1.5ms' }), 'error spec.http[0].timeout: must be whole milliseconds'],
    [http({ timeout: '0s' }), 'error spec.http[0].timeout: must be at least 1ms'],
    [http({ mirrorPercent: 50 }), 'warning spec.http[0].mirrorPercent: is deprecated (use mirrorPercentage)'],
    [http({ mirrorPercentage: { value: 101 } }), 'error spec.http[0].mirrorPercentage: must be from 0 to 100, not 101'],
    [http({ fault: {} }), 'error spec.http[0].fault: must have an abort, a delay or both'],
    [
      http({ fault: { delay: { fixedDelay: '1s', percentage: { value: 0.00001 } } } }),
      'error spec.http[0].fault.delay.percentage: must be 0 or from 0.0001 to 100, not 0.00001',
    ],
    [
      http({ fault: { abort: { grpcStatus: 'NOPE' } } }),
      'error spec.http[0].fault.abort.grpcStatus: must be the name of a gRPC status, such as NOT_FOUND',
    ],
    [http({ retries: { attempts: 0, retryOn: '5xx' } }), 'error spec.http[0].retries: has settings although 0 attempts disable retries'],
    [http({ retries: { attempts: 1, retryOn: 'never' } }), 'error spec.http[0].retries.retryOn: has an unknown policy "never"'],
    [
      http({ headers: { request: { set: { ':path': 'x' } } } }),
      'error spec.http[0].headers.request.set.:path: must not change a pseudo header',
    ],
    [
      http({ headers: { response: { set: { x: '%A' } } } }),
      'error spec.http[0].headers.response.set.x: must have every "%" as part of %VARIABLE% or doubled',
    ],
    [
      http({ rewrite: { authority: 'x' }, headers: { request: { set: { Host: 'y' } } } }),
      'error spec.http[0].headers.request.set.Host: sets the authority a second time',
    ],
    [
      http({ corsPolicy: { allowMethods: ['BREW'] } }),
      'error spec.http[0].corsPolicy.allowMethods[0]: must be one of GET, HEAD, POST, PUT, PATCH, DELETE, CONNECT, OPTIONS, TRACE, *',
    ],
    [match({ uri: { regex: '' } }), 'error spec.http[0].match[0].uri.regex: must not be empty'],
    [match({ uri: { regex: 'é'.repeat(513) } }), 'error spec.http[0].match[0].uri.regex: must have at most 1024 bytes'],
    [match({ method: { prefix: '' } }), 'error spec.http[0].match[0].method.prefix: must not be empty'],
    [
      match({ headers: { 'a b': { exact: 'x' } } }),
      'error spec.http[0].match[0].headers.a b: must be the name of a header, a pseudo header or @request.auth.claims.<name>',
    ],
    [
      match({ headers: { '@request.auth.claims.x': { exact: 'x' } } }),
      'error spec.http[0].match[0].headers.@request.auth.claims.x: matches a JWT claim, which only gateways can',
    ],
    [
      match({ sourceLabels: { 'a b': 'c' } }),
      'error spec.http[0].match[0].sourceLabels.a b: must be a label key: letters, digits, "-", "_" and ".", optionally after a DNS name and a slash',
    ],
    [http({ route: [{ destination: { host: '*' } }] }), 'error spec.http[0].route[0].destination.host: must be one host, not "*"'],
    [
      http({ route: [{ destination: { host: 'a', port: {} } }] }),
      'error spec.http[0].route[0].destination.port.number: must be a port from 1 to 65535, not 0',
    ],
    [http({ route: [...route, ...route] }), 'error spec.http[0].route: must have a destination with a weight above 0'],
    [
      vs({ http: [], tls: [{ match: [{ sniHosts: ['b.com'] }], route }] }),
      'error spec.tls[0].match[0].sniHosts[0]: must be within one of the hosts of the VirtualService (a)',
    ],
    [
      vs({ tcp: [{ match: [{ destinationSubnets: ['10.0.0.0/40'] }], route }] }),
      'error spec.tcp[0].match[0].destinationSubnets[0]: must be a CIDR block such as 10.0.0.0/8',
    ],
  ])('%j', (issues, expected) => {
    expect(issues).toEqual([expected]);
  });

  it('lets gateways match claims and any host', () => {
    const claims = [{ match: [{ headers: { '@request.auth.claims[a][b]': { exact: 'x' } } }], route }];
    expect(vs({ hosts: ['*'], gateways: ['gw'], http: claims })).toEqual([]);
  });

  it('warns of rules and matches that never apply', () => {
    const rule = (prefix: string, name?: string) => ({ match: [{ uri: { prefix }, ...(name ? { name } : {}) }], route });
    expect(vs({ http: [{ route }, rule('/a')] })).toEqual(['warning spec.http[1]: is never used: rule #0 before it has no match']);
    expect(vs({ http: [{ name: 'x', ...rule('/a', 'one') }, rule('/a', 'two')] })).toEqual([
      'warning spec.http[1].match[0]: is never used: rule "x" has the same match',
      'warning spec.http[1]: is never used: earlier rules have all of its matches',
    ]);
    expect(vs({ http: [rule('/a'), rule('/ab')] })).toEqual([
      'warning spec.http[1].match[0]: is never used: prefix /a of rule #0 covers /ab',
    ]);
    expect(vs({ http: [rule('/ab'), rule('/a')] })).toEqual([]);
  });
});
