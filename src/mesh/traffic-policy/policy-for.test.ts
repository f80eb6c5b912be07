import { describe, expect, it } from 'vitest';
import { dictatedTlsMode, policyFor, subsetLabels } from './policy-for.ts';
import { ruleOf } from './rule-fixture.ts';

const pool = (maxConnections: number) => ({ connectionPool: { tcp: { maxConnections } } });

describe('the policy of a port and subset', () => {
  const rule = ruleOf({
    trafficPolicy: {
      ...pool(1),
      outlierDetection: { consecutive5xxErrors: 5 },
      proxyProtocol: { version: 'V2' },
      portLevelSettings: [{ port: { number: 81 }, ...pool(81) }],
    },
    subsets: [
      { name: 'plain', labels: { version: 'v1' } },
      { name: 'own', trafficPolicy: { ...pool(2), portLevelSettings: [{ port: { number: 82 }, loadBalancer: { simple: 'RANDOM' } }] } },
    ],
  });

  it("is the destination's for a port without settings of its own", () => {
    expect(policyFor(rule, 80, undefined)).toMatchObject({ ...pool(1), outlierDetection: { consecutive5xxErrors: 5 } });
  });

  it("is the port's alone where it has settings: nothing is inherited", () => {
    expect(policyFor(rule, 81, undefined)).toEqual(pool(81));
  });

  it('is overridden block by block by the subset', () => {
    expect(policyFor(rule, 80, 'own')).toEqual({
      ...pool(2),
      outlierDetection: { consecutive5xxErrors: 5 },
      proxyProtocol: { version: 'V2' },
    });
    expect(policyFor(rule, 81, 'plain')).toEqual(pool(81));
    expect(policyFor(rule, 81, 'own')).toEqual(pool(2));
  });

  it('loses the four blocks to a port of the subset, and keeps what such a port cannot say', () => {
    expect(policyFor(rule, 82, 'own')).toEqual({ loadBalancer: { simple: 'RANDOM' }, proxyProtocol: { version: 'V2' } });
  });

  it('falls back to the mesh block by block, below everything else', () => {
    const mesh = { connectionPool: { tcp: { maxConnections: 9 } }, outlierDetection: { consecutive5xxErrors: 9 } };
    expect(policyFor(undefined, 80, undefined, mesh)).toEqual(mesh);
    expect(policyFor(rule, 81, undefined, mesh)).toEqual({ ...pool(81), outlierDetection: { consecutive5xxErrors: 9 } });
    expect(policyFor(rule, 82, 'own', mesh)).toEqual({ loadBalancer: { simple: 'RANDOM' }, proxyProtocol: { version: 'V2' } });
    expect(policyFor(undefined, 80, undefined, {})).toBeUndefined();
  });

  it('knows the labels of subsets that exist', () => {
    expect(subsetLabels(rule, 'plain')).toEqual({ version: 'v1' });
    expect(subsetLabels(rule, 'missing')).toEqual({});
  });
});

describe('the TLS mode that a rule dictates', () => {
  const rule = ruleOf({
    trafficPolicy: {
      tls: { mode: 'ISTIO_MUTUAL' },
      portLevelSettings: [
        { port: { number: 81 }, tls: { mode: 'DISABLE' } },
        { port: { number: 82 }, ...pool(1) },
      ],
    },
    subsets: [{ name: 'plain' }, { name: 'simple', trafficPolicy: { tls: { mode: 'SIMPLE' } } }],
  });

  it.each([
    [80, undefined, 'ISTIO_MUTUAL'],
    [81, undefined, 'DISABLE'],
    [82, undefined, 'ISTIO_MUTUAL'],
    [80, 'plain', 'ISTIO_MUTUAL'],
    [81, 'simple', 'SIMPLE'],
    [80, 'missing', undefined],
  ] as const)('port %s of subset %s: %s', (port, subset, mode) => {
    expect(dictatedTlsMode(rule, port, subset)).toBe(mode);
  });

  it('is none without a tls block, and DISABLE where the block names no mode', () => {
    expect(dictatedTlsMode(ruleOf({}), 80, undefined)).toBeUndefined();
    expect(dictatedTlsMode(ruleOf({ trafficPolicy: { tls: { sni: 'a' } } }), 80, undefined)).toBe('DISABLE');
  });
});
