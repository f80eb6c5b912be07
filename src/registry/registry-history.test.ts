import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Table } from '../incremental/cell.ts';
import type { ConfigObject } from '../model/config-object.ts';
import type { ProxyPlace } from './find-workload.ts';
import { anObject, type RegistryFixture, type RegistryTables, registryFixture } from './registry-fixture.ts';

/** One change of one object; without an object it is a removal. */
interface Step {
  readonly kind: keyof RegistryTables | 'Mesh';
  readonly key: string;
  readonly object?: unknown;
  readonly isObserved: boolean;
}

const namespace = fc.constantFrom('default', 'other');
const name = fc.constantFrom('a', 'b', 'c');
const ip = fc.constantFrom('10.0.0.1', '10.0.0.2', '10.0.0.3', '10.7.0.1');
const labels = fc.dictionary(fc.constantFrom('app', 'version'), fc.constantFrom('a', 'b'), { maxKeys: 2 });
const metadata = fc.record({
  labels,
  annotations: fc.constantFrom<Record<string, string>>(
    {},
    { 'networking.istio.io/exportTo': '.' },
    { 'networking.istio.io/traffic-distribution': 'PreferClose' },
  ),
  createdAt: fc.constantFrom(0, 1, 2),
});
const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const endpointList = fc.array(
  fc.record({ address: fc.oneof(ip, fc.constant('x.example')), labels, ports: fc.constantFrom({}, { http: 99 }) }),
  { maxLength: 3 },
);
const portList = fc.constantFrom(
  [{ number: 80, name: 'http', protocol: 'HTTP' }],
  [{ number: 443, name: 'https', protocol: 'HTTPS', targetPort: 8443 }],
  [
    { number: 80, name: 'web' },
    { number: 90, name: 'http' },
  ],
);

const specs = {
  Service: fc.record({
    spec: fc.record({
      clusterIP: fc.constantFrom('None', '10.96.0.1', undefined),
      selector: optional(labels),
      type: fc.constantFrom('ClusterIP', 'NodePort'),
      ports: fc.constantFrom([{ port: 80, name: 'http', targetPort: 'web' }], [{ port: 80, name: 'http', targetPort: 8080 }, { port: 81 }]),
      publishNotReadyAddresses: fc.boolean(),
    }),
  }),
  EndpointSlice: fc.record({
    addressType: fc.constant('IPv4'),
    ports: fc.constant([{ name: 'http', port: 8080 }]),
    endpoints: fc.array(
      fc.record({
        addresses: fc.uniqueArray(ip, { maxLength: 2 }),
        conditions: fc.constantFrom({}, { ready: false, terminating: false }, { ready: false }),
        targetRef: fc.option(fc.record({ kind: fc.constant('Pod'), name }), { nil: undefined }),
      }),
      { maxLength: 2 },
    ),
  }),
  Pod: fc.record({
    spec: fc.record({
      nodeName: fc.constantFrom('a', 'b', undefined),
      containers: fc.constant([{ ports: [{ name: 'web', containerPort: 8000 }] }]),
    }),
    status: fc.record({
      podIP: optional(ip),
      phase: fc.constantFrom('Running', 'Failed', 'Succeeded'),
      conditions: fc.constantFrom([], [{ type: 'Ready', status: 'False' }]),
    }),
  }),
  Node: fc.record({ status: fc.record({ addresses: fc.constantFrom([], [{ type: 'ExternalIP', address: '9.9.9.9' }]) }) }),
  Namespace: fc.constant({}),
  ServiceEntry: fc.record({
    hosts: fc.uniqueArray(fc.constantFrom('a.com', 'b.com', '*.c.com', 'a.default.svc.cluster.local'), { minLength: 1, maxLength: 2 }),
    ports: portList,
    resolution: fc.constantFrom('NONE', 'STATIC', 'DNS', 'DNS_ROUND_ROBIN'),
    addresses: fc.constantFrom([], ['1.2.3.4'], ['240.240.122.168']),
    endpoints: endpointList,
    workloadSelector: optional(fc.record({ labels })),
  }),
  WorkloadEntry: fc.record({ address: fc.oneof(ip, fc.constant('vm.example')), labels, ports: fc.constantFrom({}, { web: 7000 }) }),
} satisfies Record<keyof RegistryTables, fc.Arbitrary<unknown>>;

const kinds = Object.keys(specs) as readonly (keyof RegistryTables)[];
const step: fc.Arbitrary<Step> = fc.oneof(
  ...kinds.map((kind) => stepOf(kind)),
  fc.record({
    kind: fc.constant('Mesh' as const),
    key: fc.constant('mesh'),
    object: fc.record({ trustDomain: fc.constantFrom('x', 'y'), defaultServiceExportTo: fc.constantFrom([], ['.']) }),
    isObserved: fc.boolean(),
  }),
);

function stepOf(kind: keyof RegistryTables): fc.Arbitrary<Step> {
  const places = kind === 'Node' || kind === 'Namespace' ? fc.constant('') : namespace;
  const content = fc.option(fc.tuple(specs[kind] as fc.Arbitrary<object>, metadata), { nil: undefined, freq: 3 });
  return fc
    .tuple(places, kind === 'Namespace' ? namespace : name, content, name, fc.boolean())
    .map(([space, own, body, service, isObserved]) => {
      const key = `${space}/${own}`;
      if (!body) return { kind, key, isObserved };
      const [spec, data] = body;
      const sliceLabels = kind === 'EndpointSlice' ? { labels: { 'kubernetes.io/service-name': service } } : {};
      return { kind, key, isObserved, object: anObject(kind, key, spec as never, { ...data, ...sliceLabels }) };
    });
}

function apply(fixture: RegistryFixture, { kind, key, object }: Step): void {
  if (kind === 'Mesh') {
    fixture.meshConfig.set(object as object);
    return;
  }
  const table = fixture.tables[kind] as Table<ConfigObject>;
  if (object === undefined) table.delete(key);
  else table.set(key, object as ConfigObject);
}

const proxies: readonly ProxyPlace[] = ['default', 'other'].map((space) => ({
  id: `a.${space}`,
  namespace: space,
  addresses: ['10.0.0.1', '10.0.0.2'],
  labels: { app: 'a' },
  clusterId: '',
  metadata: {},
}));

function everything(fixture: RegistryFixture): unknown {
  const { controller, engine } = fixture;
  return {
    services: controller.services.get(),
    endpoints: controller.endpoints.get(),
    workloads: controller.workloads.get(),
    targets: proxies.map((proxy) => engine.derived((read) => controller.targetsOf(read, proxy)).get()),
    found: proxies.map((proxy) => engine.derived((read) => controller.workloadOf(read, proxy)).get()),
  };
}

test('after any history the registries say what they would say from scratch, in any order of arrival', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const live = registryFixture();
      const last = new Map<string, Step>();
      for (const each of steps) {
        apply(live, each);
        last.set(`${each.kind} ${each.key}`, each);
        if (each.isObserved) everything(live);
      }
      const fresh = registryFixture();
      for (const each of [...last.values()].reverse()) apply(fresh, each);
      expect(everything(live)).toEqual(everything(fresh));
    }),
    { numRuns: 200 },
  );
});
