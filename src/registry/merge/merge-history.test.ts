import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Engine } from '../../incremental/engine.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import type { RegistryProvider, Service } from '../../model/service.ts';
import { RegistrySet } from '../registry-set.ts';
import { ServiceController } from '../service-controller.ts';
import { anEndpoint, aService, TableRegistry } from '../table-registry.ts';
import { mergeModes } from './merge-mode.ts';
import type { MergeRule } from './merge-rules.ts';

const providers: Readonly<Record<string, RegistryProvider>> = {
  Kubernetes: 'Kubernetes',
  External: 'External',
  far: 'Kubernetes',
  dc1: 'Consul',
  dc2: 'Consul',
  etcd: 'Etcd',
};
const fixed = ['Kubernetes', 'External'];
const ids = Object.keys(providers);
const live = ids.filter((id) => !fixed.includes(id));
const hosts = ['default/a.com', 'default/b.com', 'other/a.com'] as const;

/** The registry `id` says something else of a host, comes, goes, moves or is exchanged; or a rule about a host changes. */
type Step =
  | { readonly kind: 'service'; readonly id: string; readonly key: string; readonly change: Partial<Service> | undefined }
  | { readonly kind: 'endpoints'; readonly id: string; readonly key: string; readonly list: readonly Partial<Endpoint>[] | undefined }
  | { readonly kind: 'place'; readonly id: string; readonly order: number | undefined }
  | { readonly kind: 'exchange'; readonly id: string }
  | { readonly kind: 'rule'; readonly key: string; readonly rule: MergeRule | undefined };

const id = fc.constantFrom(...ids);
const key = fc.constantFrom(...hosts);
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined, freq: 3 });
const port = fc.record({
  number: fc.constantFrom(80, 81, 82),
  name: fc.constantFrom('http', 'tcp', 'http-81'),
  protocol: fc.constantFrom('HTTP' as const, 'TCP' as const, 'Auto' as const),
});
const ports = fc.uniqueArray(port, { selector: ({ number }) => number, maxLength: 3 });
const service = fc.record({
  ports: ports.filter((list) => new Set(list.map(({ name }) => name)).size === list.length),
  addresses: fc.constantFrom([], ['10.96.0.1'], ['240.0.0.1']),
  exportTo: fc.constantFrom(['*'], ['.'], ['default', 'x'], ['~']),
  meshExternal: fc.boolean(),
  resolution: fc.constantFrom('ClientSideLB' as const, 'DNSLB' as const, 'Passthrough' as const),
  serviceAccounts: fc.subarray(['a', 'b']),
});
const endpoint = fc.record({
  address: fc.constantFrom('1.0.0.1', '1.0.0.2', 'x.example'),
  port: fc.constantFrom(80, 8080),
  portName: fc.constantFrom('http', 'tcp'),
  health: fc.constantFrom('HEALTHY' as const, 'UNHEALTHY' as const, 'DRAINING' as const),
  labels: fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom('1', '2'), { maxKeys: 2 }),
  weight: fc.integer({ min: 1, max: 3 }),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('service' as const), id, key, change: maybe(service) }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('endpoints' as const), id, key, list: maybe(fc.array(endpoint, { maxLength: 3 })) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('place' as const), id: fc.constantFrom(...live), order: maybe(fc.nat({ max: 2 })) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('exchange' as const), id: fc.constantFrom(...live) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('rule' as const),
      key,
      rule: maybe(fc.record({ mode: fc.constantFrom(...mergeModes), with: fc.subarray([...hosts], { maxLength: 2 }) })),
    }),
  },
);

class World {
  readonly engine = new Engine();
  readonly registries: RegistrySet;
  readonly controller: ServiceController;
  readonly rules = this.engine.table<MergeRule>();
  readonly sources = new Map(ids.map((name) => [name, new TableRegistry(this.engine, name, providers[name])]));

  constructor() {
    const nameAddresses = this.engine.constant(new Map([['x.example', ['1.0.0.2', '9.9.9.9']]]));
    this.registries = new RegistrySet({
      engine: this.engine,
      fixed: fixed.map((name) => this.source(name)),
      rules: this.rules,
      nameAddresses,
    });
    this.controller = new ServiceController(this.registries);
  }

  source(name: string): TableRegistry {
    const source = this.sources.get(name);
    if (!source) throw new Error(`no registry ${name}`);
    return source;
  }

  run(each: Step): void {
    if (each.kind === 'service') this.say(each.id, each.key, each.change);
    else if (each.kind === 'endpoints') this.list(each.id, each.key, each.list);
    else if (each.kind === 'place') this.place(each.id, each.order);
    else if (each.kind === 'exchange') this.exchange(each.id);
    else if (each.rule === undefined) this.rules.delete(each.key);
    else this.rules.set(each.key, each.rule);
  }

  /** Everything that anybody can see. */
  view(): unknown {
    const { services, endpoints, workloads, issues, conflicts, names, servicesByHostname } = this.controller;
    return {
      registries: this.registries.list().map((registry) => registry.id),
      services: services.get(),
      endpoints: endpoints.get(),
      workloads: workloads.get(),
      issues: issues.get(),
      conflicts: conflicts.get(),
      names: names.get(),
      a: servicesByHostname.group('a.com').get(),
      disagreements: this.controller.healthDisagreements(),
    };
  }

  observe(): void {
    const { services, endpoints, issues } = this.controller;
    for (const cell of [services, endpoints, issues]) this.engine.observe(cell, () => undefined);
  }

  private say(name: string, at: string, change: Partial<Service> | undefined): void {
    const { services } = this.source(name);
    const [namespace = '', hostname = ''] = at.split('/');
    if (change === undefined) services.delete(at);
    else services.set(at, aService({ ...change, hostname, namespace, provider: this.source(name).provider, clusterId: name }));
  }

  private list(name: string, at: string, list: readonly Partial<Endpoint>[] | undefined): void {
    const { endpoints } = this.source(name);
    if (list === undefined) endpoints.delete(at);
    else {
      endpoints.set(
        at,
        list.map((one) => anEndpoint({ ...one, clusterId: name })),
      );
    }
  }

  private isPresent(name: string): boolean {
    return this.registries.list().some((registry) => registry.id === name);
  }

  private place(name: string, order: number | undefined): void {
    if (order === undefined) this.registries.remove(name);
    else if (this.isPresent(name)) this.registries.move(name, order);
    else this.registries.add(this.source(name), order);
  }

  /** A new registry of the same id that says the same. */
  private exchange(name: string): void {
    const old = this.source(name);
    const next = new TableRegistry(this.engine, name, old.provider);
    next.services.replace(old.services.get());
    next.endpoints.replace(old.endpoints.get());
    this.sources.set(name, next);
    if (this.isPresent(name)) this.registries.replace(name, next);
  }
}

/** What decides the end of a history: the last word about each thing. */
function lastWords(steps: readonly Step[]): readonly Step[] {
  const last = new Map<string, Step>();
  for (const each of steps) {
    if (each.kind === 'exchange') continue;
    const about = each.kind === 'rule' ? each.key : each.kind === 'place' ? each.id : `${each.id} ${each.key}`;
    last.set(`${each.kind} ${about}`, each);
  }
  return [...last.values()];
}

const numRuns = Number(process.env['COXSWAIN_RUNS'] ?? 200);

test(
  'after any history of registries that come, go and change, the mesh is what it would be from scratch, in any order',
  () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(step, fc.boolean()), { maxLength: 50, size: 'max' }), fc.boolean(), (steps, isObserved) => {
        const world = new World();
        if (isObserved) world.observe();
        for (const [each, isLookedAt] of steps) {
          world.run(each);
          if (isLookedAt) world.view();
        }
        const fresh = new World();
        for (const each of lastWords(steps.map(([one]) => one)).toReversed()) fresh.run(each);
        expect(world.view()).toEqual(fresh.view());
      }),
      { numRuns },
    );
  },
  60_000 + numRuns * 50,
);
