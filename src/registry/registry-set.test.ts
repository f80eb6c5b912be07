import { expect, test } from 'vitest';
import { Engine } from '../incremental/engine.ts';
import { RegistrySet } from './registry-set.ts';
import { ServiceController } from './service-controller.ts';
import { TableRegistry } from './table-registry.ts';

/** A mesh of one fixed registry, observed as the server observes it. */
function meshOf(fixed: TableRegistry, engine: Engine): { readonly registries: RegistrySet; readonly controller: ServiceController } {
  const registries = new RegistrySet({ engine, fixed: [fixed] });
  const controller = new ServiceController(registries);
  for (const map of [controller.services, controller.endpoints, controller.workloads]) engine.observe(map, () => undefined);
  return { registries, controller };
}

function filled(engine: Engine, id: string, hosts: readonly string[]): TableRegistry {
  const registry = new TableRegistry(engine, id);
  hosts.forEach((host, i) => {
    registry.put(host, [`10.0.0.${i}`]);
  });
  return registry;
}

const many = Array.from({ length: 500 }, (_, i) => `s${i}.com`);

test('a registry that comes or goes touches what it has, and nothing else', () => {
  const engine = new Engine();
  const { registries, controller } = meshOf(filled(engine, 'big', many), engine);
  const changed = (change: () => void): unknown => {
    const [revision, before] = [engine.revision, engine.stats().recomputed];
    change();
    expect(engine.stats().recomputed - before).toBeLessThan(20);
    expect(engine.revision).toBe(revision + 1);
    return [controller.services.changedSince(revision), controller.endpoints.changedSince(revision)];
  };
  const [one, two] = [filled(engine, 'one', ['s0.com', 'x.com']), filled(engine, 'two', ['s0.com', 'y.com'])];
  const all = (...hosts: readonly string[]): Set<string> => new Set(hosts.map((host) => `default/${host}`));
  expect(changed(() => registries.add(one))).toEqual([all('x.com'), all('s0.com', 'x.com')]);
  expect(changed(() => registries.replace('one', two))).toEqual([all('x.com', 'y.com'), all('s0.com', 'x.com', 'y.com')]);
  expect(changed(() => registries.remove('two'))).toEqual([all('y.com'), all('s0.com', 'y.com')]);
  expect(controller.services.get().size).toBe(500);
});

test('what changes in an added registry arrives, what changes in a removed one does not', () => {
  const engine = new Engine();
  const { registries, controller } = meshOf(filled(engine, 'big', ['a.com']), engine);
  const registry = filled(engine, 'one', []);
  registries.add(registry);
  registry.put('b.com', ['1.2.3.4']);
  expect(controller.endpoints.lookup('default/b.com')?.[0]?.address).toBe('1.2.3.4');
  registries.remove('one');
  registry.put('c.com', []);
  expect([...controller.services.get().keys()]).toEqual(['default/a.com']);
});

test('the order of registries does not depend on the order in which they came', () => {
  const engine = new Engine();
  const set = new RegistrySet({ engine, fixed: [new TableRegistry(engine, 'z', 'External'), new TableRegistry(engine, 'y')] });
  const ids = (): readonly string[] => set.list().map(({ id }) => id);
  set.add(new TableRegistry(engine, 'c'), 1);
  set.add(new TableRegistry(engine, 'b'));
  set.add(new TableRegistry(engine, 'far', 'Kubernetes'));
  set.add(new TableRegistry(engine, 'a'));
  expect(ids()).toEqual(['far', 'z', 'y', 'a', 'b', 'c']);
  set.move('a', 2);
  expect(ids()).toEqual(['far', 'z', 'y', 'b', 'c', 'a']);
  set.replace('b', new TableRegistry(engine, 'd'), 3);
  expect(ids()).toEqual(['far', 'z', 'y', 'c', 'a', 'd']);
});

test('the mesh is ready once all registries of the start are, and stays so when others come (pain 9)', () => {
  const engine = new Engine();
  const [first, second, later] = ['1', '2', '3'].map((id) => new TableRegistry(engine, id));
  if (!first || !second || !later) throw new Error('three registries');
  const { registries, controller } = meshOf(first, engine);
  registries.add(second);
  second.isSynced = false;
  expect(controller.hasSynced()).toBe(false);
  second.isSynced = true;
  expect(controller.hasSynced()).toBe(true);
  later.isSynced = false;
  registries.add(later);
  expect(controller.hasSynced()).toBe(true);
});

test('ids are unique, and what is fixed stays', () => {
  const engine = new Engine();
  const set = new RegistrySet({ engine, fixed: [new TableRegistry(engine, 'a')] });
  const other = new TableRegistry(engine, 'b');
  expect(() => set.add(new TableRegistry(engine, 'a'))).toThrow('two registries with the id a');
  expect(() => set.remove('a')).toThrow('there to stay');
  expect(() => set.replace('a', other)).toThrow('no registry a');
  expect(() => set.move('b', 1)).toThrow('no registry b');
  set.remove('b');
  set.add(other);
  set.replace('b', new TableRegistry(engine, 'b'));
  expect(set.list().includes(other)).toBe(false);
});
