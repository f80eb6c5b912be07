// The table of docs/decisions/0007-merging-registries.md, row by row: one host in several registries.
import { describe, expect, test } from 'vitest';
import type { Endpoint } from '../../model/endpoint.ts';
import type { Service } from '../../model/service.ts';
import { anEndpoint, httpPort as http, type TableRegistry } from '../table-registry.ts';
import { type MergedMesh, mergedMesh } from './merged-fixture.ts';

type Name = 'kube' | 'external' | 'dc1' | 'dc2' | 'etcd';
/** What registries say of `a.com`. */
type World = { readonly [name in Name]?: Partial<Service> & { readonly at?: readonly Partial<Endpoint>[] } };
interface Row {
  readonly rule: string;
  readonly world: World;
  readonly see: (mesh: MergedMesh) => unknown;
  readonly expected: unknown;
  readonly issues?: readonly string[];
}

const key = 'default/a.com';
const tcp = { number: 80, name: 'tcp', protocol: 'TCP' } as const;
const at = (...addresses: readonly string[]): Pick<NonNullable<World['kube']>, 'at'> => ({ at: addresses.map((address) => ({ address })) });

function fill(registry: TableRegistry, { at: endpoints = [], ...service }: NonNullable<World[Name]>): void {
  registry.put('a.com', [], service);
  const own = endpoints.map((each) => anEndpoint({ clusterId: registry.id, ...each }));
  registry.endpoints.set(key, own);
}

function meshOf(world: World): MergedMesh {
  const mesh = mergedMesh();
  for (const name of Object.keys(world) as Name[]) fill(mesh[name], world[name] ?? {});
  return mesh;
}

const service = (mesh: MergedMesh) => mesh.service('a.com');
const addresses = (mesh: MergedMesh) => mesh.addresses('a.com');

const rows: readonly Row[] = [
  {
    rule: 'endpoints: union over all shards',
    world: { kube: at('1.0.0.1'), external: at('1.0.0.2'), dc1: at('1.0.0.3'), dc2: at('1.0.0.4'), etcd: at('1.0.0.5') },
    see: addresses,
    expected: ['1.0.0.1', '1.0.0.2', '1.0.0.3', '1.0.0.4', '1.0.0.5'],
  },
  {
    rule: 'endpoints: one place in several shards is one endpoint that names them, with the weight of the strongest',
    world: { dc1: { at: [{ weight: 5 }] }, dc2: { at: [{ weight: 7 }] }, etcd: { at: [{ weight: 9 }] } },
    see: (mesh) => mesh.endpoints('a.com').map(({ weight, sources }) => [weight, sources]),
    expected: [[5, ['Consul/dc1', 'Consul/dc2', 'Etcd/etcd']]],
  },
  {
    rule: 'health: unhealthy if any with checks says so',
    world: { kube: at('1.0.0.1'), dc1: { at: [{ address: '1.0.0.1', health: 'UNHEALTHY' }] } },
    see: (mesh) => [mesh.endpoints('a.com')[0]?.health, mesh.controller.healthDisagreements()],
    expected: ['UNHEALTHY', 1],
  },
  {
    rule: 'health: who knows presence alone overrides nobody',
    world: { dc1: { at: [{ health: 'UNHEALTHY' }] }, etcd: { at: [{}] } },
    see: (mesh) => [mesh.endpoints('a.com')[0]?.health, mesh.controller.healthDisagreements()],
    expected: ['UNHEALTHY', 0],
  },
  {
    rule: 'ports: by number, new numbers are added',
    world: { kube: { ports: [http] }, dc1: { ports: [http, { ...http, number: 81, name: 'http-81' }] } },
    see: (mesh) => service(mesh)?.ports.map(({ number }) => number),
    expected: [80, 81],
  },
  {
    rule: 'ports: another protocol under the same number is a conflict, the stronger wins',
    world: { kube: { ports: [http] }, dc1: { ports: [tcp] }, dc2: { ports: [tcp] } },
    see: (mesh) => service(mesh)?.ports,
    expected: [http],
    issues: ['CXS0202', 'CXS0202'],
  },
  {
    rule: 'ports: nobody disagrees with a port that is to be sniffed',
    world: { kube: { ports: [http] }, dc1: { ports: [{ ...http, protocol: 'Auto' }] } },
    see: (mesh) => service(mesh)?.ports,
    expected: [http],
  },
  {
    rule: 'ports: the later of two with one name is renamed, and keeps its endpoints',
    world: { kube: { ports: [http], ...at('1.0.0.1') }, dc1: { ports: [{ ...http, number: 81 }], ...at('1.0.0.2') } },
    see: (mesh) => [service(mesh)?.ports.map(({ name }) => name), mesh.endpoints('a.com').map(({ portName }) => portName)],
    expected: [
      ['http', 'http-81'],
      ['http', 'http-81'],
    ],
  },
  {
    rule: "VIP: Kubernetes' before Consul's",
    world: { kube: { addresses: ['10.96.0.1'] }, dc1: { addresses: ['240.0.0.1'] } },
    see: (mesh) => [service(mesh)?.addresses, service(mesh)?.autoAllocated],
    expected: [['10.96.0.1'], {}],
  },
  {
    rule: "VIP: a registry's own before an allocated one",
    world: { dc1: {}, dc2: { addresses: ['240.0.0.1'] } },
    see: (mesh) => [service(mesh)?.addresses, service(mesh)?.autoAllocated],
    expected: [['240.0.0.1'], {}],
  },
  {
    rule: 'VIP: allocated where nobody has one, by the name of the host',
    world: { dc1: {}, etcd: {} },
    see: (mesh) => service(mesh)?.autoAllocated,
    expected: { v4: '241.114.232.182', v6: '2001:2::f172:e8b6' },
  },
  {
    rule: "VIP: a ServiceEntry's before one of ours",
    world: { external: { autoAllocated: { v4: '240.240.1.1' } }, dc1: {} },
    see: (mesh) => service(mesh)?.autoAllocated,
    expected: { v4: '240.240.1.1' },
  },
  {
    rule: 'VIP: none for a headless service',
    world: { kube: { resolution: 'Passthrough' }, dc1: {} },
    see: (mesh) => [service(mesh)?.autoAllocated, service(mesh)?.resolution],
    expected: [{}, 'Passthrough'],
  },
  {
    rule: 'resolution: DNS only where all are names',
    world: { dc1: { resolution: 'DNSLB' }, dc2: { resolution: 'DNSLB' } },
    see: (mesh) => service(mesh)?.resolution,
    expected: 'DNSLB',
  },
  {
    rule: 'resolution: mixed is EDS',
    world: { kube: {}, dc1: { resolution: 'DNSLB' } },
    see: (mesh) => service(mesh)?.resolution,
    expected: 'ClientSideLB',
  },
  {
    rule: 'exportTo: the most restrictive',
    world: { kube: { exportTo: ['.', 'x'] }, dc1: { exportTo: ['*'] }, dc2: { exportTo: ['default'] } },
    see: (mesh) => service(mesh)?.exportTo,
    expected: ['.'],
    issues: ['CXS0204', 'CXS0204'],
  },
  {
    rule: 'location: inside if anybody says so',
    world: { external: { meshExternal: true }, dc1: { meshExternal: false } },
    see: (mesh) => service(mesh)?.meshExternal,
    expected: false,
    issues: ['CXS0204'],
  },
  {
    rule: 'identities: union',
    world: { kube: { serviceAccounts: ['a', 'b'] }, dc1: { serviceAccounts: ['b', 'c'] }, etcd: { serviceAccounts: ['d'] } },
    see: (mesh) => service(mesh)?.serviceAccounts,
    expected: ['a', 'b', 'c', 'd'],
  },
  {
    rule: 'labels: of all, the stronger wins',
    world: { kube: { at: [{ labels: { v: '1', a: 'x' } }] }, dc1: { at: [{ labels: { v: '2', b: 'y' } }] } },
    see: (mesh) => mesh.endpoints('a.com').map(({ labels }) => labels),
    expected: [{ v: '1', a: 'x', b: 'y' }],
  },
  {
    rule: "Kubernetes and a ServiceEntry alone: Istio's way, endpoints and nothing else",
    world: { kube: { ports: [http], ...at('1.0.0.1') }, external: { ports: [http, { ...http, number: 81, name: 'x' }], ...at('1.0.0.2') } },
    see: (mesh) => [service(mesh)?.ports, addresses(mesh)],
    expected: [[http], ['1.0.0.1', '1.0.0.2']],
  },
];

/** Inside the mesh, unless a row is about that. */
const inside = (world: World): World =>
  Object.fromEntries(Object.entries(world).map(([name, said]) => [name, { meshExternal: false, ...said }]));

describe('one host in several registries (pain 12)', () => {
  test.each(rows)('$rule', ({ world, see, expected, issues = [] }) => {
    const mesh = meshOf(inside(world));
    expect(see(mesh)).toEqual(expected);
    expect(mesh.codes()).toEqual(issues);
  });

  test('resolution: names beside addresses are resolved here, and only those', () => {
    const mesh = meshOf(
      inside({ kube: at('1.0.0.1', '1.0.0.2'), dc1: { resolution: 'DNSLB', at: [{ address: 'x.example', labels: { a: 'b' } }] } }),
    );
    mesh.dc2.put('names.com', [], { resolution: 'DNSLB' });
    mesh.dc2.endpoints.set('default/names.com', [anEndpoint({ address: 'y.example' })]);
    expect(mesh.controller.names.get()).toEqual(['x.example']);
    expect(addresses(mesh)).toEqual(['1.0.0.1', '1.0.0.2']);
    mesh.resolved.set(new Map([['x.example', ['1.0.0.9', '1.0.0.2']]]));
    expect(mesh.endpoints('a.com').map(({ address, labels }) => [address, labels['a']])).toEqual([
      ['1.0.0.1', undefined],
      ['1.0.0.2', undefined],
      ['1.0.0.9', 'b'],
    ]);
    expect(mesh.addresses('names.com')).toEqual(['y.example']);
    mesh.kube.delete(key);
    expect(mesh.controller.names.get()).toEqual([]);
    expect([addresses(mesh), service(mesh)?.resolution]).toEqual([['x.example'], 'DNSLB']);
  });

  test('deletion: with the last shard, not before', () => {
    const mesh = meshOf({ kube: at('1.0.0.1'), external: at('1.0.0.2'), dc1: at('1.0.0.3') });
    mesh.kube.delete(key);
    expect(addresses(mesh)).toEqual(['1.0.0.2', '1.0.0.3']);
    mesh.external.delete(key);
    expect(addresses(mesh)).toEqual(['1.0.0.3']);
    mesh.registries.remove('dc1');
    expect(service(mesh)).toBeUndefined();
  });

  test('modes: a failover changes endpoints alone, exclusive reports whom it shadows', () => {
    const mesh = meshOf(inside({ kube: at('1.0.0.1'), dc1: { ports: [{ ...http, number: 81, name: 'x' }], ...at('1.0.0.2') } }));
    mesh.rules.set(key, { mode: 'priority', with: [] });
    const before = service(mesh);
    expect(addresses(mesh)).toEqual(['1.0.0.1']);
    mesh.kube.endpoints.set(key, [anEndpoint({ health: 'UNHEALTHY' })]);
    expect(addresses(mesh)).toEqual(['1.0.0.2']);
    expect(service(mesh)).toBe(before);
    mesh.rules.set(key, { mode: 'exclusive', with: [] });
    expect(addresses(mesh)).toEqual(['1.1.1.1']);
    expect(service(mesh)?.ports).toEqual([http]);
    expect(mesh.controller.issues.get().map(({ code, message, object }) => [code, message, object?.kind])).toEqual([
      ['CXS0203', 'a.com of Consul/dc1 is shadowed by Kubernetes/Kubernetes: the host is exclusive', 'ServiceEntry'],
    ]);
    mesh.rules.delete(key);
    expect(addresses(mesh)).toEqual(['1.0.0.2', '1.1.1.1']);
    expect(mesh.codes()).toEqual([]);
  });
});
