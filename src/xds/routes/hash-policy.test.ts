import { describe, expect, it } from 'vitest';
import { loadProtos } from '../../envoy/protos.ts';
import type { ConsistentHashLb } from '../../schema/destination-rule/load-balancer.ts';
import { buildHashPolicy, consistentHashOf, consistentHashOfPort } from './hash-policy.ts';
import { effectiveRule, routeOf } from './route-fixtures.ts';

const protos = loadProtos();

it.each<[ConsistentHashLb | undefined, unknown]>([
  [{ httpHeaderName: 'x-user' }, { header: { header_name: 'x-user' } }],
  [{ useSourceIp: true }, { connection_properties: { source_ip: true } }],
  [{ httpQueryParameterName: 'q' }, { query_parameter: { name: 'q' } }],
  [{ httpCookie: { name: 'c' } }, { cookie: { name: 'c' } }],
  [
    { httpCookie: { name: 'c', ttl: '0s', path: '/', attributes: [{ name: 'SameSite', value: 'Lax' }, { name: 'Secure' }] } },
    {
      cookie: {
        name: 'c',
        ttl: { seconds: '0', nanos: 0 },
        path: '/',
        attributes: [{ name: 'SameSite', value: 'Lax' }, { name: 'Secure' }],
      },
    },
  ],
  [{ ringHash: {} }, undefined],
  [undefined, undefined],
])('%j', (hash, expected) => {
  const policy = buildHashPolicy(hash);
  expect(policy).toEqual(expected);
  expect(protos.check('envoy.config.route.v3.RouteAction.HashPolicy', policy ?? {})).toEqual([]);
});

describe('consistentHashOf', () => {
  const by = (httpHeaderName: string) => ({ loadBalancer: { consistentHash: { httpHeaderName } } });
  const port = (name: string) => ({ port: { number: 80 }, ...by(name) });
  const rule = effectiveRule({
    trafficPolicy: { ...by('rule'), portLevelSettings: [port('port')] },
    subsets: [
      { name: 'both', trafficPolicy: { ...by('subset'), portLevelSettings: [port('subset-port')] } },
      { name: 'plain', trafficPolicy: by('subset') },
      { name: 'none' },
    ],
  });
  it.each([
    [{ subset: 'both', port: { number: 80 } }, 'subset-port'],
    [{ subset: 'both' }, 'subset'],
    [{ subset: 'plain', port: { number: 80 } }, 'subset'],
    [{ subset: 'none', port: { number: 80 } }, 'port'],
    [{ port: { number: 80 } }, 'port'],
    [{ port: { number: 81 } }, 'rule'],
    [{}, 'rule'],
  ])('destination %j is hashed by that of the %s', (destination, expected) => {
    expect(consistentHashOf(rule, { host: 'a', ...destination })?.httpHeaderName).toBe(expected);
  });

  it('for a service without VirtualService the port beats the rule', () => {
    expect(consistentHashOfPort(rule, 80)?.httpHeaderName).toBe('port');
    expect(consistentHashOfPort(rule, 81)?.httpHeaderName).toBe('rule');
    expect(consistentHashOfPort(undefined, 80)).toBeUndefined();
  });
});

it('each weighted destination adds its policy to the route', () => {
  const findRule = (host: string) => effectiveRule({ trafficPolicy: { loadBalancer: { consistentHash: { httpHeaderName: host } } } });
  const route = routeOf(
    {
      route: [
        { destination: { host: 'a.com' }, weight: 1 },
        { destination: { host: 'b.com' }, weight: 0 },
        { destination: { host: 'c.com' }, weight: 1 },
      ],
    },
    { findRule },
  );
  expect(route.route?.hash_policy).toEqual([{ header: { header_name: 'a.com' } }, { header: { header_name: 'c.com' } }]);
});
