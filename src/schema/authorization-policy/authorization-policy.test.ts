import { describe, expect, it } from 'vitest';
import { issuesOf } from '../issues-of.ts';

const ap = (fields: object, annotations: object = {}) => issuesOf('AuthorizationPolicy', fields, { annotations });
const rule = (fields: object, action = 'ALLOW') => ap({ action, rules: [fields] });
const source = (fields: object) => rule({ from: [{ source: fields }] });
const operation = (fields: object) => rule({ to: [{ operation: fields }] });
const when = (fields: object) => rule({ when: [fields] });
const at = 'spec.rules[0]';

describe('AuthorizationPolicy', () => {
  it('accepts a whole one', () => {
    const from = [
      { source: { principals: ['*'], ipBlocks: ['10.0.0.0/8', '::1'], trustDomains: ['a*', '*'] } },
      { source: { serviceAccounts: ['ns/sa', 'sa'] } },
    ];
    const to = [{ operation: { methods: ['GET'], paths: ['/a/{*}/b/{**}', '/x*'], ports: ['80'] } }];
    const conditions = [
      { key: 'request.headers[x]', values: ['a*'] },
      { key: 'request.auth.claims[a][b]', notValues: ['x'] },
      { key: 'destination.port', values: ['8080'] },
      { key: 'experimental.envoy.filters.network.mysql_proxy[db.table]', values: ['a'] },
    ];
    expect(ap({ selector: { matchLabels: { app: 'a' } }, rules: [{ from, to, when: conditions }, {}] })).toEqual([]);
    expect(ap({ action: 'CUSTOM', provider: { name: 'x' }, rules: [{}] })).toEqual([]);
    expect(ap({}, { 'istio.io/dry-run': 'true' })).toEqual([]);
  });

  it.each([
    [
      ap({ action: 'DENY' }),
      'error spec.rules: is required for DENY, which nothing would trigger otherwise (an empty rule {} matches every request)',
    ],
    [ap({ action: 'CUSTOM', rules: [{}] }), 'error spec.provider.name: is required for CUSTOM'],
    [ap({ provider: { name: 'x' } }), 'error spec.provider: is possible with CUSTOM only, not ALLOW'],
    [
      ap({ selector: { matchLabels: { a: 'b' } }, targetRef: { kind: 'Service', name: 'x' } }),
      'error spec: may have only one of selector, targetRef and targetRefs',
    ],
    [
      ap({ targetRefs: [{ kind: 'Pod', name: 'x' }] }),
      'error spec.targetRefs[0]: must refer to a Service, ServiceEntry, Gateway (Gateway API) or GatewayClass, not Pod',
    ],
    [
      ap({ targetRef: { kind: 'Service', name: 'x', namespace: 'y' } }),
      'error spec.targetRef.namespace: must not be set: references stay within the namespace',
    ],
    [ap({}, { 'istio.io/dry-run': 'yes' }), 'error metadata.annotations.istio.io/dry-run: must be "true" or "false"'],
    [rule({ from: [] }), `error ${at}.from: must not be empty`],
    [rule({ from: [{}] }), `error ${at}.from[0].source: is required`],
    [source({}), `error ${at}.from[0].source: must not be empty`],
    [source({ ipBlocks: ['1.2.3'] }), `error ${at}.from[0].source.ipBlocks[0]: must be an IP address or a CIDR block, not "1.2.3"`],
    [
      source({ serviceAccounts: ['a/b/c'] }),
      `error ${at}.from[0].source.serviceAccounts[0]: must be a service account or namespace/service account, not "a/b/c"`,
    ],
    [
      source({ serviceAccounts: ['a'], namespaces: ['b'] }),
      `error ${at}.from[0].source: may not have serviceAccounts beside principals or namespaces`,
    ],
    [source({ trustDomains: ['a*b'] }), `error ${at}.from[0].source.trustDomains[0]: must have its wildcard at the start or the end`],
    [source({ trustDomains: ['*a*'] }), `error ${at}.from[0].source.trustDomains[0]: must have at most one wildcard`],
    [operation({ ports: ['65536'] }), `error ${at}.to[0].operation.ports[0]: must be a port number, not "65536"`],
    [operation({ paths: ['/{**}/{*}'] }), `error ${at}.to[0].operation.paths[0]: must have {**} as its last template`],
    [operation({ paths: ['/{a}'] }), `error ${at}.to[0].operation.paths[0]: must not have braces except as {*} or {**}`],
    [operation({ paths: ['/a b/{*}'] }), `error ${at}.to[0].operation.paths[0]: must have plain text between its templates, not "a b"`],
    [when({ key: 'nope', values: ['a'] }), `error ${at}.when[0].key: is not known: "nope"`],
    [when({ key: 'request.headers', values: ['a'] }), `error ${at}.when[0].key: must have the form request.headers[name]`],
    [when({ key: 'source.ip' }), `error ${at}.when[0]: must have values or notValues`],
    [when({ key: 'source.ip', values: ['x'] }), `error ${at}.when[0].values[0]: must be an IP address or a CIDR block, not "x"`],
    [
      rule({ to: [{ operation: { methods: ['GET'] } }] }, 'DENY'),
      `warning ${at}: denies all traffic to TCP ports, because it uses HTTP attributes only (name the ports it is for)`,
    ],
  ])('%j', (issues, expected) => {
    expect(issues).toEqual([expected]);
  });

  it('knows what an external authorizer cannot be asked about', () => {
    const rules = [{ from: [{ source: { principals: ['a'] } }], when: [{ key: 'request.auth.principal', values: ['a'] }] }];
    expect(ap({ action: 'CUSTOM', provider: { name: 'x' }, rules })).toEqual([
      `error ${at}.from[0].source.principals: is not supported with CUSTOM`,
      `error ${at}.when[0].key: is not supported with CUSTOM: request.auth.principal`,
    ]);
  });
});
