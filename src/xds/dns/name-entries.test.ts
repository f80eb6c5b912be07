import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../../model/endpoint.ts';
import type { Service } from '../../model/service.ts';
import { type NameInput, nameEntries } from './name-entries.ts';
import { buildNameTable } from './name-table.ts';

const features = { ipv4: true, ipv6: false, usesAllocatedAddresses: false };
const scope = { features, clusterId: 'c1', network: 'n1' };

function service(over: Partial<Service> = {}): Service {
  const ports = [
    { number: 80, name: 'http', protocol: 'HTTP' },
    { number: 81, name: 'tcp', protocol: 'TCP' },
  ];
  const facts = { hostname: 'db.shop.svc.cluster.local', namespace: 'shop', name: 'db', provider: 'Kubernetes', ports };
  return { ...facts, resolution: 'Passthrough', addresses: [], autoAllocated: {}, ...over } as Service;
}

function endpoint(address: string, over: Partial<Endpoint> = {}): Endpoint {
  return { address, portName: 'http', health: 'HEALTHY', network: 'n1', clusterId: 'c1', ...over } as Endpoint;
}

function namesOf(over: Partial<Service>, endpoints: readonly Endpoint[] = [], more: Partial<NameInput> = {}): object {
  const entries = nameEntries({ service: service(over), endpoints, scope, acrossClusters: true, ...more });
  return Object.fromEntries(entries.map(({ name, info }) => [name, info.ips]));
}

const db = 'db.shop.svc.cluster.local';

describe('names of services', () => {
  it.each<[string, Partial<Service>, object]>([
    ['of one with an address', { addresses: ['10.0.0.1'], resolution: 'ClientSideLB' }, { [db]: ['10.0.0.1'] }],
    ['of one with addresses and a prefix', { provider: 'External', addresses: ['10.0.0.1', '10.1.0.0/16'] }, { [db]: ['10.0.0.1'] }],
    ['of one with a prefix alone', { provider: 'External', addresses: ['10.1.0.0/16'] }, {}],
    ['of one without address whose endpoints are load balanced', { resolution: 'ClientSideLB' }, {}],
    ['of one without ports', { ports: [] }, {}],
  ])('%s', (_what, over, expected) => {
    expect(namesOf(over, [endpoint('10.1.0.1')])).toEqual(expected);
  });

  it('are the allocated addresses where the proxy resolves names itself', () => {
    const auto = { provider: 'External', resolution: 'DNSLB', autoAllocated: { v4: '240.240.0.1', v6: '2001:2::1' } } as const;
    expect(namesOf(auto)).toEqual({});
    const captured = { ...scope, features: { ...features, usesAllocatedAddresses: true } };
    expect(namesOf(auto, [], { scope: captured })).toEqual({ [db]: ['240.240.0.1'] });
  });

  it('of Kubernetes have short forms, but not those across clusters', () => {
    const info = (over: Partial<Service>) =>
      nameEntries({ service: service({ addresses: ['10.0.0.1'], ...over }), endpoints: [], scope, acrossClusters: true })[0]?.info;
    expect(info({})).toEqual({ ips: ['10.0.0.1'], registry: 'Kubernetes', namespace: 'shop', shortname: 'db' });
    expect(info({ hostname: 'db.shop.svc.clusterset.local' })).toEqual({ ips: ['10.0.0.1'], registry: 'Kubernetes' });
    expect(info({ provider: 'External' })).toEqual({ ips: ['10.0.0.1'], registry: 'External' });
  });
});

describe('names of headless services (gotcha 39)', () => {
  it('are the healthy endpoints of one port in the own network', () => {
    const endpoints = [
      endpoint('10.1.0.1'),
      endpoint('10.1.0.1', { portName: 'tcp' }),
      endpoint('10.1.0.2', { health: 'UNHEALTHY' }),
      endpoint('10.1.0.3', { network: 'n2' }),
      endpoint('10.1.0.4', { network: '' }),
      endpoint('unix:///a'),
    ];
    expect(namesOf({}, endpoints)).toEqual({ [db]: ['10.1.0.1', '10.1.0.4'] });
    expect(namesOf({ publishNotReadyAddresses: true }, endpoints)).toEqual({ [db]: ['10.1.0.1', '10.1.0.2', '10.1.0.4'] });
  });

  it('reach into other clusters unless that is turned off', () => {
    const endpoints = [endpoint('10.1.0.1'), endpoint('10.1.0.2', { clusterId: 'c2' })];
    expect(namesOf({}, endpoints)).toEqual({ [db]: ['10.1.0.1', '10.1.0.2'] });
    expect(namesOf({}, endpoints, { acrossClusters: false })).toEqual({ [db]: ['10.1.0.1'] });
  });

  it('are there for each pod with a name too; pods of the own cluster hide others', () => {
    const named = { hostname: 'db-0', subDomain: 'db' };
    const endpoints = [
      endpoint('10.1.0.9', { ...named, clusterId: 'c2' }),
      endpoint('10.1.0.1', named),
      endpoint('10.1.0.2', { hostname: 'db-1', subDomain: 'db', clusterId: 'c2' }),
    ];
    expect(namesOf({}, endpoints)).toEqual({
      [`db-0.${db}`]: ['10.1.0.1'],
      [`db-1.${db}`]: ['10.1.0.2'],
      [db]: ['10.1.0.9', '10.1.0.1', '10.1.0.2'],
    });
  });
});

describe('buildNameTable', () => {
  const entry = (registry: string, ...ips: string[]) => ({ name: 'a', info: { ips, registry } });

  it('lets Kubernetes take the place of others, and adds others up', () => {
    expect(buildNameTable([entry('External', '1'), entry('Kubernetes', '2')]).table).toEqual({ a: { ips: ['2'], registry: 'Kubernetes' } });
    expect(buildNameTable([entry('Kubernetes', '2'), entry('External', '1')]).table).toEqual({ a: { ips: ['2'], registry: 'Kubernetes' } });
    expect(buildNameTable([entry('External', '1'), entry('External', '2')]).table).toEqual({
      a: { ips: ['1', '2'], registry: 'External' },
    });
  });

  it('is in the order of names', () => {
    const names = ['b', 'a', 'c'].map((name) => ({ name, info: { ips: ['1'] } }));
    expect(Object.keys(buildNameTable(names).table ?? {})).toEqual(['a', 'b', 'c']);
  });
});
