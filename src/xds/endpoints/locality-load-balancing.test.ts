import { describe, expect, it } from 'vitest';
import { effectiveLocalitySettings } from '../../mesh/traffic-policy/locality-settings.ts';
import type { LoadBalancer } from '../../mesh/traffic-policy/traffic-policy.ts';
import type { MeshConfig } from '../../schema/mesh-config/mesh-config.ts';
import { groupByLocality, type LocalityGroup, type Member, type Topology } from './locality-groups.ts';
import { applyLocalitySettings } from './locality-load-balancing.ts';

const proxy: Topology = { labels: { version: 'v1' }, locality: 'us/us-1/a', network: 'n1', clusterId: 'c1', nodeName: 'node1' };

interface Place extends Partial<Topology> {
  readonly weight?: number;
}

function memberOf({ weight = 1, ...topology }: Place, index: number): Member {
  return {
    message: { load_balancing_weight: { value: weight }, endpoint: { hostname: String(index) } },
    weight,
    topology: { labels: {}, locality: '', network: '', clusterId: '', ...topology },
    isMutual: true,
  };
}

/** `locality p<priority> w<weight>: <indices of members>`. */
function show(groups: readonly LocalityGroup[]): string[] {
  return groups.map((group) => {
    const members = group.members.map((member) => member.message.endpoint?.hostname).join(' ');
    return `${group.locality} p${group.priority} w${group.weight}: ${members}`.trim();
  });
}

interface Case {
  readonly balancer?: LoadBalancer;
  readonly mesh?: MeshConfig;
  readonly canFailOver?: boolean;
}

function apply(places: readonly Place[], { balancer, mesh = {}, canFailOver = true }: Case): string[] {
  const settings = effectiveLocalitySettings(mesh, balancer, undefined);
  return show(applyLocalitySettings(groupByLocality(places.map(memberOf)), settings, proxy, canFailOver));
}

const everywhere: readonly Place[] = [
  { locality: 'us/us-1/a' },
  { locality: 'us/us-1/b' },
  { locality: 'us/us-2/a' },
  { locality: 'eu/eu-1/a' },
  { locality: 'asia/as-1/a' },
];

describe('failover by locality', () => {
  it('prefers subzone, zone, region, then the rest of the world', () => {
    expect(apply(everywhere, { mesh: { localityLbSetting: {} } })).toEqual([
      'asia/as-1/a p3 w1: 4',
      'eu/eu-1/a p3 w1: 3',
      'us/us-1/a p0 w1: 0',
      'us/us-1/b p1 w1: 1',
      'us/us-2/a p2 w1: 2',
    ]);
  });

  it('leaves no gaps between priorities', () => {
    expect(apply([{ locality: 'eu/x' }, { locality: 'us/us-2/a' }], { mesh: { localityLbSetting: {} } })).toEqual([
      'eu/x p1 w1: 0',
      'us/us-2/a p0 w1: 1',
    ]);
  });

  it('prefers the region that `failover` names over all others', () => {
    const balancer: LoadBalancer = { localityLbSetting: { failover: [{ from: 'us', to: 'eu' }] } };
    expect(apply(everywhere, { balancer })).toEqual([
      'asia/as-1/a p4 w1: 4',
      'eu/eu-1/a p3 w1: 3',
      'us/us-1/a p0 w1: 0',
      'us/us-1/b p1 w1: 1',
      'us/us-2/a p2 w1: 2',
    ]);
  });

  it.each<[string, Case]>([
    ['without outlier detection', { mesh: { localityLbSetting: {} }, canFailOver: false }],
    ['without a setting', {}],
    ['where the mesh disables it', { mesh: { localityLbSetting: { enabled: false } } }],
    ['where the rule disables it', { mesh: { localityLbSetting: {} }, balancer: { localityLbSetting: { enabled: false } } }],
  ])('does nothing %s', (_name, settings) => {
    expect(apply(everywhere.slice(0, 2), settings)).toEqual(['us/us-1/a p0 w1: 0', 'us/us-1/b p0 w1: 1']);
  });
});

describe('failoverPriority', () => {
  const priority = (failoverPriority: string[], more = {}): Case => ({ balancer: { localityLbSetting: { failoverPriority, ...more } } });

  it('splits a locality by how many leading labels agree', () => {
    const places: Place[] = [
      { locality: 'us/us-1', labels: { version: 'v2' } },
      { locality: 'us/us-1', labels: { version: 'v1' }, weight: 2 },
      { locality: 'us/us-1', labels: { version: 'v1' }, weight: 3 },
    ];
    expect(apply(places, priority(['version']))).toEqual(['us/us-1 p0 w5: 1 2', 'us/us-1 p1 w1: 0']);
  });

  it('reads region, zone, network, cluster and node where no label carries them', () => {
    const places: Place[] = [{ locality: 'us/us-1' }, { locality: 'us/us-2' }, { locality: 'eu/us-1' }];
    expect(apply(places, priority(['topology.kubernetes.io/region', 'topology.kubernetes.io/zone']))).toEqual([
      'eu/us-1 p2 w1: 2',
      'us/us-1 p0 w1: 0',
      'us/us-2 p1 w1: 1',
    ]);
    const nodes: Place[] = [{ nodeName: 'node1' }, { nodeName: 'node2' }];
    expect(apply(nodes, priority(['kubernetes.io/hostname']))).toEqual(['p0 w1: 0', 'p1 w1: 1']);
  });

  it("compares with a value that is written down instead of the proxy's", () => {
    const places: Place[] = [{ labels: { version: 'v1' } }, { labels: { version: 'v2' } }];
    expect(apply(places, priority(['version=v2']))).toEqual(['p0 w1: 1', 'p1 w1: 0']);
  });

  it('puts other networks behind all of the own one, still in order', () => {
    const places: Place[] = [
      { network: 'n2', labels: { version: 'v1' } },
      { network: 'n1', labels: { version: 'v2' } },
      { network: 'n1', labels: { version: 'v1' } },
      { network: 'n2', labels: { version: 'v2' } },
    ];
    expect(apply(places, priority(['topology.istio.io/network', 'version']))).toEqual(['p0 w1: 2', 'p1 w1: 1', 'p2 w1: 0', 'p3 w1: 3']);
  });

  it('comes before `failover` where both are given', () => {
    const places: Place[] = [
      { locality: 'us', labels: { version: 'v2' } },
      { locality: 'eu', labels: { version: 'v1' } },
      { locality: 'asia', labels: { version: 'v1' } },
    ];
    expect(apply(places, priority(['version'], { failover: [{ from: 'us', to: 'eu' }] }))).toEqual([
      'asia p1 w1: 2',
      'eu p0 w1: 1',
      'us p2 w1: 0',
    ]);
  });
});

describe('distribute', () => {
  const distribute = (from: string, to: Record<string, number>): Case => ({
    balancer: { localityLbSetting: { distribute: [{ from, to }] } },
    canFailOver: false,
  });

  it('weighs localities, and empties those that it does not name', () => {
    expect(apply(everywhere, distribute('us/us-1/*', { 'us/us-1/*': 80, 'eu/*': 20 }))).toEqual([
      'asia/as-1/a p0 w1:',
      'eu/eu-1/a p0 w20: 3',
      'us/us-1/a p0 w40: 0',
      'us/us-1/b p0 w40: 1',
      'us/us-2/a p0 w1:',
    ]);
  });

  it('divides a share by the weights of the localities that match it, rounded up', () => {
    const places: Place[] = [
      { locality: 'us/a', weight: 1 },
      { locality: 'us/b', weight: 2 },
    ];
    expect(apply(places, distribute('*', { 'us/*': 100 }))).toEqual(['us/a p0 w34: 0', 'us/b p0 w67: 1']);
  });

  it('does nothing for proxies that no entry is about', () => {
    expect(apply([{ locality: 'us/a' }], distribute('eu/*', { 'eu/*': 100 }))).toEqual(['us/a p0 w1: 0']);
  });
});

describe('zone-aware', () => {
  it('keeps the own region together, failover next, the rest last', () => {
    const balancer: LoadBalancer = { zoneAwareLbSetting: { failover: [{ from: 'us', to: 'eu' }] } };
    expect(apply(everywhere, { balancer, canFailOver: false })).toEqual([
      'asia/as-1/a p2 w1: 4',
      'eu/eu-1/a p1 w1: 3',
      'us/us-1/a p0 w1: 0',
      'us/us-1/b p0 w1: 1',
      'us/us-2/a p0 w1: 2',
    ]);
  });

  it("does nothing where it is disabled, and still beats the mesh's locality setting", () => {
    const settings: Case = { balancer: { zoneAwareLbSetting: { enabled: false } }, mesh: { localityLbSetting: {} } };
    expect(apply([{ locality: 'eu' }, { locality: 'us' }], settings)).toEqual(['eu p0 w1: 0', 'us p0 w1: 1']);
  });
});
