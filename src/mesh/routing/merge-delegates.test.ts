import { describe, expect, it } from 'vitest';
import type { HttpMatch } from '../../schema/virtual-service/http-match.ts';
import type { VirtualService } from '../../schema/virtual-service/virtual-service.ts';
import { mergeDelegates } from './merge-delegates.ts';
import { mergeHttpMatches } from './merge-http-matches.ts';
import { gatewaySemantics, type TestMeta, virtualService } from './routing-fixtures.ts';

function merge(root: VirtualService, delegate: VirtualService, meta: TestMeta = { name: 'part', namespace: 'team' }) {
  const part = virtualService(delegate, meta);
  return mergeDelegates(virtualService(root, { name: 'root' }), (namespace, name) =>
    namespace === part.namespace && name === part.name ? part : undefined,
  );
}

const root: VirtualService = {
  hosts: ['shop.com'],
  http: [
    { name: 'own', route: [{ destination: { host: 'a' } }] },
    { name: 'r', match: [{ uri: { prefix: '/cart' } }], delegate: { name: 'part', namespace: 'team' }, timeout: '3s', headers: {} },
    { name: 'last' },
  ],
};

describe('mergeDelegates', () => {
  it("puts the delegate's rules in the place of the root's, with its names, matches and what it leaves open", () => {
    const { virtualService: merged, issues } = merge(root, {
      http: [
        { match: [{ uri: { prefix: '/cart/a' } }], route: [{ destination: { host: 'cart' } }] },
        { name: 'd', timeout: '1s', route: [{ destination: { host: 'cart' } }] },
      ],
    });
    expect(issues).toEqual([]);
    expect(merged.http.map(({ name, timeout, match }) => ({ name, timeout, uri: match?.[0]?.uri?.prefix }))).toEqual([
      { name: 'own', timeout: undefined, uri: undefined },
      { name: 'r', timeout: '3s', uri: '/cart/a' },
      { name: 'r-d', timeout: '1s', uri: '/cart' },
      { name: 'last', timeout: undefined, uri: undefined },
    ]);
    expect(merged.http[1]?.route?.[0]?.destination.host).toBe('cart.team.svc.cluster.local');
    expect(merged.http[2]?.origin).toEqual({
      source: { kind: 'VirtualService', namespace: 'team', name: 'part' },
      index: 1,
      matches: [undefined],
      delegatedBy: { source: { kind: 'VirtualService', namespace: 'default', name: 'root' }, index: 1, matches: [0] },
    });
    expect(merged.http.some((rule) => rule.delegate !== undefined)).toBe(false);
  });

  it('drops a rule that matches more than the root allows, and says so', () => {
    const { virtualService: merged, issues } = merge(root, { http: [{ match: [{ uri: { prefix: '/' } }] }, { name: 'fits' }] });
    expect(merged.http.map(({ name }) => name)).toEqual(['own', 'r-fits', 'last']);
    expect(issues).toMatchObject([{ severity: 'warning', path: ['spec', 'http', 1, 'delegate'] }]);
  });

  it.each([
    ['does not exist', {}, { name: 'elsewhere', namespace: 'team' }],
    ['has hosts', { hosts: ['x.com'] }, { name: 'part', namespace: 'team' }],
    ['is not exported', { exportTo: ['.'] }, { name: 'part', namespace: 'team' }],
  ])('leaves out only the rule whose delegate %s', (_, spec, meta) => {
    const { virtualService: merged, issues } = merge(root, { http: [{}], ...spec }, meta);
    expect(merged.http.map(({ name }) => name)).toEqual(['own', 'last']);
    expect(issues).toMatchObject([{ code: 'IST0101', severity: 'error', object: { name: 'root' }, path: ['spec', 'http', 1, 'delegate'] }]);
  });

  it('takes the own namespace where the delegate names none, and goes one level deep only', () => {
    const spec: VirtualService = { hosts: ['shop.com'], http: [{ delegate: { name: 'part' } }] };
    const { virtualService: merged } = merge(spec, { http: [{ name: 'x', delegate: { name: 'part' } }] }, { name: 'part' });
    expect(merged.http).toMatchObject([{ name: 'x' }]);
    expect(merged.http[0]?.delegate).toBeUndefined();
  });

  it('leaves objects without delegates, and those of the Gateway API, as they are', () => {
    const plain = virtualService({ hosts: ['a.com'], http: [{}] });
    expect(mergeDelegates(plain, () => undefined).virtualService).toBe(plain);
    const route = virtualService({ hosts: ['a.com'], http: [{ delegate: { name: 'x' } }] }, { annotations: gatewaySemantics });
    expect(mergeDelegates(route, () => undefined).virtualService).toBe(route);
  });
});

describe('mergeHttpMatches', () => {
  it.each<[string, HttpMatch, HttpMatch, HttpMatch | undefined]>([
    ['prefix in prefix', { uri: { prefix: '/a' } }, { uri: { prefix: '/a/b' } }, { uri: { prefix: '/a/b' } }],
    ['prefix outside prefix', { uri: { prefix: '/a/b' } }, { uri: { prefix: '/a' } }, undefined],
    ['exact in prefix', { uri: { prefix: '/a' } }, { uri: { exact: '/ab' } }, { uri: { exact: '/ab' } }],
    ['prefix in exact', { uri: { exact: '/a' } }, { uri: { prefix: '/a' } }, undefined],
    ['regex with anything', { uri: { regex: '/a.*' } }, { uri: { exact: '/ab' } }, undefined],
    ['regex alone', { uri: { regex: '/a.*' } }, { method: { exact: 'GET' } }, { uri: { regex: '/a.*' }, method: { exact: 'GET' } }],
    ['other method', { method: { exact: 'GET' } }, { method: { exact: 'PUT' } }, undefined],
    ['other port', { port: 80 }, { port: 81 }, undefined],
    ['port from the root', { port: 80 }, {}, { port: 80 }],
    ['other case', { ignoreUriCase: true }, {}, undefined],
    ['namespace must be said again', { sourceNamespace: 'a' }, {}, undefined],
    ['label contradicts', { sourceLabels: { app: 'a' } }, { sourceLabels: { app: 'b' } }, undefined],
    ['more gateways than the root', { gateways: ['ns/a'] }, { gateways: ['ns/a', 'ns/b'] }, undefined],
    ['gateway of the root', { gateways: ['ns/a', 'ns/b'] }, { gateways: ['ns/b'] }, { gateways: ['ns/b'] }],
    [
      'sums of maps',
      { name: 'r', headers: { a: { exact: '1' } }, sourceLabels: { x: '1' } },
      { name: 'd', headers: { b: { exact: '2' } }, queryParams: { q: { exact: '3' } } },
      {
        name: 'r-d',
        headers: { a: { exact: '1' }, b: { exact: '2' } },
        queryParams: { q: { exact: '3' } },
        sourceLabels: { x: '1' },
      },
    ],
    ['header contradicts', { headers: { a: { exact: '1' } } }, { headers: { a: { exact: '2' } } }, undefined],
    ['absence contradicts', { withoutHeaders: { a: { exact: '1' } } }, { withoutHeaders: { a: { exact: '2' } } }, undefined],
    ['parameter contradicts', { queryParams: { a: { exact: '1' } } }, { queryParams: { a: { exact: '2' } } }, undefined],
  ])('%s', (_, outer, inner, expected) => {
    const merged = mergeHttpMatches([outer], [inner]);
    if (expected === undefined) expect(merged).toBeUndefined();
    else expect(merged).toMatchObject([{ match: expected, ofRoot: 0, ofDelegate: 0 }]);
  });

  it('multiplies, and one inner match without a place spoils all', () => {
    const outer: HttpMatch[] = [{ uri: { prefix: '/a' } }, { uri: { prefix: '/ab' } }];
    expect(mergeHttpMatches(outer, [{ uri: { prefix: '/abc' } }])).toHaveLength(2);
    expect(mergeHttpMatches(outer, [{ uri: { prefix: '/abc' } }, { uri: { prefix: '/x' } }])).toBeUndefined();
  });
});
