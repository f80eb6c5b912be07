import { expect, it } from 'vitest';
import { envoyArguments } from './envoy-arguments.ts';

it('leaves out the number of threads where it is not set', () => {
  const settings = { bootstrapPath: '/b.pb', adminAddressPath: '/a', logLevel: 'warning', drainSeconds: 5, ipVersion: 6 } as const;
  expect(envoyArguments(settings)).not.toContain('--concurrency');
  const args = envoyArguments({ ...settings, concurrency: 1 });
  for (const pair of ['-c /b.pb', '--admin-address-path /a', '--local-address-ip-version v6', '--drain-time-s 5', '--concurrency 1'])
    expect(` ${args.join(' ')} `).toContain(` ${pair} `);
});
