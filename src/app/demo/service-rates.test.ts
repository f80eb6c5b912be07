import { describe, expect, it } from 'vitest';
import type { EnvoyCounters } from './envoy-counters.ts';
import { ServiceRates } from './service-rates.ts';

const taken = (listener: string, ok: number, failed = 0): EnvoyCounters => ({
  listeners: new Map([[listener, { ok, failed }]]),
  clusters: new Map(),
});

describe('ServiceRates', () => {
  it('adds up the instances of a service over the window', () => {
    const rates = new ServiceRates(2000);
    rates.read(0, new Map([['register-v1-a', taken('127.0.1.11_12312', 1000)]]));
    for (const [at, a, b] of [
      [3000, 2000, 50],
      [4000, 2030, 60],
      [5000, 2060, 70],
    ] as const) {
      rates.read(
        at,
        new Map([
          ['register-v1-a', taken('127.0.1.11_12312', a)],
          ['register-v2-a', taken('127.0.1.13_12312', b, b)],
        ]),
      );
    }
    const register = rates.rates().find(({ service }) => service === 'register');
    expect(register).toEqual({ service: 'register', instances: 3, requestsPerSecond: 50, successShare: 0.8 });
  });

  it('is zero before the second reading and after an Envoy was started again', () => {
    const rates = new ServiceRates(2000);
    expect(rates.rates().map(({ requestsPerSecond }) => requestsPerSecond)).toEqual([0, 0, 0]);
    rates.read(0, new Map([['gateway', taken('127.0.1.1_8080', 500)]]));
    rates.read(1000, new Map([['gateway', taken('127.0.1.1_8080', 3)]]));
    expect(rates.rates()[0]).toMatchObject({ service: 'gateway', requestsPerSecond: 0, successShare: 1 });
  });
});
