import fc from 'fast-check';
import { expect, it } from 'vitest';
import { virtualHostName } from '../names.ts';
import { dedupeDomains } from './dedupe-domains.ts';
import { claimsOf } from './entry-claims.ts';
import type { VirtualHostEntry } from './virtual-host-entry.ts';

const name = fc.constantFrom('a', 'A', 'b', 'a.b', 'a.b:80', 'a:80', 'c.d', 'C.d', 'e', 'e:80', 'f', 'g', 'h', 'i:80');
const entry: fc.Arbitrary<VirtualHostEntry> = fc
  .record({ host: name, domains: fc.array(name, { maxLength: 3 }), alternates: fc.array(name, { maxLength: 2 }), isService: fc.boolean() })
  .map(({ host, domains, alternates, isService }) => ({
    virtualHost: { name: virtualHostName(host, 80), domains: [...domains, ...alternates] },
    host,
    port: 80,
    isService,
    alternates,
  }));

it('entries without a common claim are left alone by dedupeDomains, in whatever order', () => {
  let distinct = 0;
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 4 }), (entries) => {
      const all = entries.map(claimsOf);
      if (all.includes(undefined)) return;
      const claims = all.flatMap((each) => [...(each ?? [])]);
      if (new Set(claims).size < claims.length) return;
      distinct++;
      expect(dedupeDomains(entries)).toEqual({ virtualHosts: entries.map(({ virtualHost }) => virtualHost), conflicts: [] });
    }),
    { numRuns: 3_000 },
  );
  expect(distinct).toBeGreaterThan(200);
});
