import { Resolver } from 'node:dns/promises';
import type { ResolveName } from './gateway-names.ts';

/** Addresses of both families out of DNS. One family may be missing; without an answer for either it rejects. */
export function resolveByDns(servers?: readonly string[]): ResolveName {
  const resolver = new Resolver({ timeout: 2000, tries: 2 });
  if (servers) resolver.setServers(servers);
  return async (name) => {
    const answers = await Promise.allSettled([resolver.resolve4(name, { ttl: true }), resolver.resolve6(name, { ttl: true })]);
    const records = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    const failure = answers.find((answer) => answer.status === 'rejected');
    if (records.length === 0 && failure !== undefined) throw failure.reason;
    return {
      addresses: records.map(({ address }) => address),
      ttlMs: Math.min(...records.map(({ ttl }) => ttl)) * 1000,
    };
  };
}
