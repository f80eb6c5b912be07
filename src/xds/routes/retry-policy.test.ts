import { describe, expect, it } from 'vitest';
import { loadProtos } from '../../envoy/protos.ts';
import { testSettings } from '../../mesh/routing/routing-fixtures.ts';
import { buildInboundRetryPolicy, buildRetryPolicy } from './retry-policy.ts';
import { effectiveRule, routeOf, toReviews } from './route-fixtures.ts';

const protos = loadProtos();

describe('buildRetryPolicy', () => {
  it('zero attempts, also by saying nothing about them, turn retries off', () => {
    expect(buildRetryPolicy({ attempts: 0 }, false)).toBeUndefined();
    expect(buildRetryPolicy({ retryOn: '5xx' }, false)).toBeUndefined();
    expect(buildInboundRetryPolicy({ attempts: 0 })).toBeUndefined();
  });

  it.each([
    [
      'connect-failure, 503 ,gateway-error',
      { retry_on: 'connect-failure,gateway-error,retriable-status-codes', retriable_status_codes: [503] },
    ],
    ['retriable-status-codes,503', { retry_on: 'retriable-status-codes', retriable_status_codes: [503] }],
    ['5xx,,999', { retry_on: '5xx,999' }],
    ['500,502', { retry_on: 'retriable-status-codes', retriable_status_codes: [500, 502] }],
  ])('retryOn %s', (retryOn, expected) => {
    const policy = buildRetryPolicy({ attempts: 1, retryOn }, false);
    expect({
      retry_on: policy?.retry_on,
      ...(policy?.retriable_status_codes && { retriable_status_codes: policy.retriable_status_codes }),
    }).toEqual(expected);
  });

  it.each([
    ['another host by default', {}, false, true],
    ['the same with consistent hashing', {}, true, false],
    ['as said, hashing or not', { retryIgnorePreviousHosts: true }, true, true],
    ['as said', { retryIgnorePreviousHosts: false }, false, false],
  ])('%s', (_, more, hash, elsewhere) => {
    expect(buildRetryPolicy({ attempts: 1, ...more }, hash)?.retry_host_predicate !== undefined).toBe(elsewhere);
  });

  it('carries timeouts, back-off and other localities', () => {
    const policy = buildRetryPolicy({ attempts: 4, perTryTimeout: '250ms', backoff: '1s', retryRemoteLocalities: true }, false);
    expect(policy).toMatchObject({
      num_retries: { value: 4 },
      per_try_timeout: { seconds: '0', nanos: 250_000_000 },
      retry_back_off: { base_interval: { seconds: '1', nanos: 0 } },
      retry_priority: { name: 'envoy.retry_priorities.previous_priorities', typed_config: { update_frequency: 2 } },
    });
  });

  it('the mesh speaks where the rule does not, and the rule replaces it whole', () => {
    const settings = { ...testSettings, config: { defaultHttpRetryPolicy: { attempts: 7, retryOn: '5xx' } } };
    expect(routeOf({ route: toReviews }, { settings }).route?.retry_policy).toMatchObject({ num_retries: { value: 7 }, retry_on: '5xx' });
    const own = routeOf({ route: toReviews, retries: { attempts: 1 } }, { settings }).route?.retry_policy;
    expect(own?.num_retries).toEqual({ value: 1 });
    expect(own?.retry_on).toContain('connect-failure');
    expect(routeOf({ route: toReviews, retries: { attempts: 0 } }, { settings }).route?.retry_policy).toBeUndefined();
  });

  it('only a single hashed destination keeps retries on its host', () => {
    const findRule = () => effectiveRule({ trafficPolicy: { loadBalancer: { consistentHash: { httpHeaderName: 'x' } } } });
    expect(routeOf({ route: toReviews }, { findRule }).route?.retry_policy?.retry_host_predicate).toBeUndefined();
    const two = [
      { destination: { host: 'a.com' }, weight: 1 },
      { destination: { host: 'b.com' }, weight: 1 },
    ];
    expect(routeOf({ route: two }, { findRule }).route?.retry_policy?.retry_host_predicate).toHaveLength(1);
  });
});

it('inbound: only what makes sense towards one host', () => {
  const policy = buildInboundRetryPolicy({ attempts: 1, retryOn: '503', perTryTimeout: '1s', backoff: '1s', retryRemoteLocalities: true });
  expect(policy).toEqual({
    retry_on: 'retriable-status-codes',
    retriable_status_codes: [503],
    num_retries: { value: 1 },
    retry_back_off: { base_interval: { seconds: '1', nanos: 0 } },
  });
  expect(buildInboundRetryPolicy(undefined)).toEqual({ retry_on: 'reset-before-request', num_retries: { value: 2 } });
  expect(protos.check('envoy.config.route.v3.RetryPolicy', policy ?? {})).toEqual([]);
});
