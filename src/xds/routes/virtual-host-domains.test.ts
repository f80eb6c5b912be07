import { describe, expect, it } from 'vitest';
import { defaultFeatureFlags } from '../../mesh/feature-flags.ts';
import { testSettings } from '../../mesh/routing/routing-fixtures.ts';
import { alternateHosts } from './alternate-hosts.ts';
import { service, sidecarScope } from './route-fixtures.ts';
import { buildVirtualHostDomains, type DomainInput } from './virtual-host-domains.ts';

const domainsOf = (input: Partial<DomainInput>) =>
  buildVirtualHostDomains({
    service: service('web.default.svc.cluster.local', { 8080: 'HTTP' }),
    port: 8080,
    listenerPort: 8080,
    aliases: [],
    scope: sidecarScope,
    settings: testSettings,
    ...input,
  }).domains;

describe('buildVirtualHostDomains', () => {
  it('inside the namespace every short form, then the addresses', () => {
    expect(domainsOf({})).toEqual([
      'web.default.svc.cluster.local',
      'web.default.svc.cluster.local.',
      'web',
      'web.default.svc',
      'web.default',
      '10.0.0.1',
    ]);
  });

  it('from another namespace not the bare name; from another suffix no short name', () => {
    const other = { ...sidecarScope, dnsDomain: 'other.svc.cluster.local' };
    expect(domainsOf({ scope: other })).toEqual([
      'web.default.svc.cluster.local',
      'web.default.svc.cluster.local.',
      'web.default',
      'web.default.svc',
      '10.0.0.1',
    ]);
    const far = { ...sidecarScope, dnsDomain: 'default.svc.east.local' };
    expect(domainsOf({ scope: far })).toEqual(['web.default.svc.cluster.local', 'web.default.svc.cluster.local.', '10.0.0.1']);
  });

  it('an HTTP proxy hears the port too', () => {
    expect(domainsOf({ listenerPort: 0 }).slice(0, 6)).toEqual([
      'web.default.svc.cluster.local',
      'web.default.svc.cluster.local:8080',
      'web.default.svc.cluster.local.',
      'web.default.svc.cluster.local.:8080',
      'web',
      'web:8080',
    ]);
    expect(domainsOf({ listenerPort: 0 })).toContain('10.0.0.1:8080');
    expect(domainsOf({ scope: { ...sidecarScope, role: 'grpc' } })).toContain('web:8080');
  });

  it('headless services of Kubernetes answer for their pods', () => {
    const headless = service('web.default.svc.cluster.local', { 8080: 'HTTP' }, { resolution: 'Passthrough', addresses: [] });
    expect(domainsOf({ service: headless })).toEqual([
      'web.default.svc.cluster.local',
      'web.default.svc.cluster.local.',
      'web',
      'web.default.svc',
      'web.default',
      '*.web.default.svc.cluster.local',
      '*.web.default.svc.cluster.local.',
      '*.web',
      '*.web.default.svc',
      '*.web.default',
    ]);
    expect(domainsOf({ service: { ...headless, provider: 'External' } }).some((domain) => domain.startsWith('*.'))).toBe(false);
  });

  it('aliases are further names', () => {
    const domains = domainsOf({ aliases: ['old.legacy.svc.cluster.local'] });
    expect(domains.slice(5)).toEqual([
      'old.legacy.svc.cluster.local',
      'old.legacy.svc.cluster.local.',
      'old.legacy',
      'old.legacy.svc',
      '10.0.0.1',
    ]);
  });

  it('no absolute name for addresses, and none without the flag', () => {
    expect(domainsOf({ service: service('1.2.3.4', { 80: 'HTTP' }, { addresses: [] }) })).toEqual(['1.2.3.4']);
    const settings = { flags: { ...defaultFeatureFlags, PILOT_ENABLE_ABSOLUTE_FQDN_VHOST_DOMAIN: false } };
    expect(domainsOf({ settings, service: service('foo.com', { 80: 'HTTP' }) })).toEqual(['foo.com', '10.0.0.1']);
  });

  it('addresses of families that the proxy does not speak count for ServiceEntries only; IPv6 in brackets', () => {
    const addresses = ['10.0.0.1', '2001:db8::1'];
    const kube = service('foo.com', { 80: 'HTTP' }, { addresses });
    expect(domainsOf({ service: kube })).toEqual(['foo.com', 'foo.com.', '10.0.0.1']);
    expect(domainsOf({ service: { ...kube, provider: 'External' } })).toEqual(['foo.com', 'foo.com.', '10.0.0.1', '[2001:db8::1]']);
  });

  it('allocated addresses count where DNS is captured', () => {
    const external = service(
      'foo.com',
      { 80: 'HTTP' },
      { provider: 'External', addresses: [], autoAllocated: { v4: '240.240.0.1', v6: '2001:2::1' } },
    );
    const capturing = { ...sidecarScope, features: { ...sidecarScope.features, usesAllocatedAddresses: true } };
    expect(domainsOf({ service: external })).toEqual(['foo.com', 'foo.com.']);
    expect(domainsOf({ service: external, scope: capturing })).toEqual(['foo.com', 'foo.com.', '240.240.0.1']);
  });
});

describe('alternateHosts outside Kubernetes', () => {
  it.each([
    ['foo.local.campus.net', 'local.campus.net', ['foo']],
    ['foo.local.campus.net', 'remote.campus.net', ['foo.local', 'foo.local.campus']],
    ['foo.local.campus.net', 'example.com', []],
    ['foo.local.campus.net', '', []],
    ['a.b.c.campus.net', 'campus.net', ['a.b.c']],
  ])('%s from %s', (host, domain, expected) => {
    expect(alternateHosts(host, 0, domain, false)).toEqual(expected);
  });

  it('with port each name comes twice', () => {
    expect(alternateHosts('foo.campus.net', 80, 'campus.net', true)).toEqual(['foo.campus.net.', 'foo.campus.net.:80', 'foo', 'foo:80']);
  });

  it('names that only look like services of the cluster are not shortened', () => {
    expect(alternateHosts('.svc.cluster.local', 0, 'default.svc.cluster.local', false)).toEqual([]);
    expect(alternateHosts('foo.com', 0, 'default.svc.cluster.local', false)).toEqual([]);
  });
});
