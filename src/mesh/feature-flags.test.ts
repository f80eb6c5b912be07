import { describe, expect, it } from 'vitest';
import { defaultFeatureFlags, type FeatureFlags, readFeatureFlags } from './feature-flags.ts';

describe('readFeatureFlags', () => {
  it.each<[keyof FeatureFlags, string, unknown]>([
    ['PILOT_HTTP10', 'T', true],
    ['COXSWAIN_VHDS', '0', false],
    ['PILOT_HTTP10', 'yes', false],
    ['PILOT_TRACE_SAMPLING', '12.5', 12.5],
    ['PILOT_TRACE_SAMPLING', '101', 1],
    ['PILOT_TRACE_SAMPLING', '', 1],
    ['PILOT_DNS_JITTER_DURATION', '1m0.5s', { seconds: '60', nanos: 500_000_000 }],
    ['PILOT_DNS_JITTER_DURATION', '0', { seconds: '0', nanos: 0 }],
    ['PILOT_DNS_JITTER_DURATION', '5', { seconds: '0', nanos: 100_000_000 }],
    ['PILOT_DNS_JITTER_DURATION', '-5ms', { seconds: '0', nanos: 100_000_000 }],
  ])('%s=%j is %j', (name, text, expected) => {
    expect(readFeatureFlags({ [name]: text })).toEqual({ ...defaultFeatureFlags, [name]: expected });
  });
});
