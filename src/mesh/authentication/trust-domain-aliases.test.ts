import { describe, expect, test } from 'vitest';
import { withTrustDomainAliases } from './trust-domain-aliases.ts';

const web = 'spiffe://cluster.local/ns/shop/sa/web';

describe('withTrustDomainAliases', () => {
  test('names an identity under every alias too', () => {
    expect([...withTrustDomainAliases([web], ['old', 'older'])]).toEqual([
      web,
      'spiffe://old/ns/shop/sa/web',
      'spiffe://older/ns/shop/sa/web',
    ]);
  });

  test('leaves alone what is no identity of a workload', () => {
    expect([...withTrustDomainAliases(['web.example.com', 'spiffe://other/web'], ['old'])]).toEqual([
      'web.example.com',
      'spiffe://other/web',
    ]);
  });
});
