import { describe, expect, it } from 'vitest';
import { Engine } from '../incremental/engine.ts';
import { type ConfigObject, refOf } from '../model/config-object.ts';
import type { LabelSelector } from '../model/label-selector.ts';
import { ConfigController } from './config-controller.ts';
import type { ConfigSink, ConfigSource } from './config-source.ts';

function object(name: string, spec: unknown): ConfigObject {
  return { kind: 'Sidecar', apiVersion: 'v1', name, namespace: 'ns', labels: {}, annotations: {}, createdAt: 0, spec };
}

/** A source that is told by the test what to hand over. */
class ScriptedSource implements ConfigSource {
  readonly name: string;
  sink!: ConfigSink;

  constructor(name: string) {
    this.name = name;
  }

  async start(sink: ConfigSink): Promise<void> {
    this.sink = sink;
  }

  hasSynced(): boolean {
    return true;
  }

  positionOf() {
    return { file: this.name, line: 3, column: 1 };
  }

  put(...objects: readonly ConfigObject[]): void {
    this.sink.apply({ objects: objects.map((each) => ({ ref: refOf(each), object: each })) });
  }

  drop(each: ConfigObject): void {
    this.sink.apply({ objects: [{ ref: refOf(each), object: undefined }] });
  }
}

async function setUp() {
  const engine = new Engine();
  const first = new ScriptedSource('first');
  const second = new ScriptedSource('second');
  const meshConfig = { defaults: { from: 'defaults' }, parse: (value: unknown) => ({ value: value as { from: string }, issues: [] }) };
  const kinds = [{ kind: 'Sidecar' }, { kind: 'ConfigMap' }];
  const controller = new ConfigController({ engine, kinds, sources: [first, second], meshConfig, rootNamespace: 'root' });
  await controller.start(new AbortController().signal);
  return { engine, first, second, controller, table: controller.table('Sidecar') };
}

it('takes an object out of the first source that has it', async () => {
  const { first, second, controller, table } = await setUp();
  second.put(object('a', { from: 'second' }));
  expect(table.at('ns/a').get()?.spec).toEqual({ from: 'second' });
  expect(controller.issues.get()).toEqual([]);
  first.put(object('a', { from: 'first' }));
  expect(table.at('ns/a').get()?.spec).toEqual({ from: 'first' });
  expect(controller.positionOf(refOf(object('a', {})), [])?.file).toBe('first');
  expect(controller.issues.get()).toMatchObject([{ code: 'CXS0107', position: { file: 'second', line: 3 } }]);
  second.put(object('a', { from: 'second again' }));
  expect(table.at('ns/a').get()?.spec).toEqual({ from: 'first' });
  first.drop(object('a', {}));
  expect(table.at('ns/a').get()?.spec).toEqual({ from: 'second again' });
  expect(controller.issues.get()).toEqual([]);
  second.drop(object('a', {}));
  expect(table.get().size).toBe(0);
});

it('makes one revision of one update, and none of equal content', async () => {
  const { engine, first, table } = await setUp();
  const before = engine.revision;
  first.put(object('a', { x: [1, { y: 2 }] }), object('b', {}), object('c', {}));
  expect(engine.revision).toBe(before + 1);
  const a = table.at('ns/a').get();
  first.put(object('a', { x: [1, { y: 2 }] }), object('b', {}));
  expect(engine.revision).toBe(before + 1);
  expect(table.at('ns/a').get()).toBe(a);
  first.put(object('a', { x: [1, { y: 3 }] }));
  expect(engine.revision).toBe(before + 2);
});

it('sorts issues by file, line and column, and replaces those of one key', async () => {
  const { first, controller } = await setUp();
  const issue = (file: string, line: number, column: number, message: string) =>
    ({ code: 'X', severity: 'error', message, position: { file, line, column } }) as const;
  first.sink.apply({
    issues: new Map([
      ['one', [issue('b', 1, 1, '4'), issue('a', 10, 2, '3')]],
      ['two', [issue('a', 10, 1, '2'), issue('a', 9, 9, '1')]],
    ]),
  });
  expect(controller.issues.get().map(({ message }) => message)).toEqual(['1', '2', '3', '4']);
  first.sink.apply({ issues: new Map([['one', []]]) });
  expect(controller.issues.get().map(({ message }) => message)).toEqual(['1', '2']);
});

it('prefers settings of a source to those of the ConfigMap, and those to the defaults', async () => {
  const { first, second, controller } = await setUp();
  const map = { ...object('istio', { data: { mesh: 'from: map' } }), kind: 'ConfigMap', namespace: 'root' };
  second.put(map);
  expect(controller.meshConfig.get()).toEqual({ from: 'map' });
  first.sink.apply({ documents: { mesh: { text: 'from: file', file: 'mesh.yaml' } } });
  expect(controller.meshConfig.get()).toEqual({ from: 'file' });
  first.sink.apply({ documents: { mesh: null } });
  expect(controller.meshConfig.get()).toEqual({ from: 'map' });
  second.drop(map);
  expect(controller.meshConfig.get()).toEqual({ from: 'defaults' });
});

it('takes the networks out of the same ConfigMap, live, and keeps the last good ones', async () => {
  const { first, second, controller } = await setUp();
  const map = (meshNetworks: string) => ({
    ...object('istio', { data: { mesh: 'from: map', meshNetworks } }),
    kind: 'ConfigMap',
    namespace: 'root',
  });
  expect(controller.meshNetworks.get()).toEqual({});
  second.put(map('networks: {far: {gateways: [{address: 192.0.2.1, port: 15443}]}}'));
  const far = { networks: { far: { gateways: [{ address: '192.0.2.1', port: 15443 }] } } };
  expect(controller.meshNetworks.get()).toEqual(far);
  expect(controller.meshConfig.get()).toEqual({ from: 'map' });
  second.put(map('networks: {far: {gateways: [{address: 192.0.2.1, port: 0}]}}'));
  expect(controller.meshNetworks.get()).toEqual(far);
  expect(controller.issues.get()).toMatchObject([
    { object: { kind: 'ConfigMap', name: 'istio' }, path: ['data', 'meshNetworks', 'networks', 'far', 'gateways', 0, 'port'] },
  ]);
  first.sink.apply({ documents: { meshNetworks: { text: '{}', file: 'networks.yaml' } } });
  expect(controller.meshNetworks.get()).toEqual({});
  expect(controller.issues.get()).toEqual([]);
});

const ofKind = (kind: string, name: string, namespace: string, labels: Record<string, string> = {}): ConfigObject => ({
  ...object(name, {}),
  kind,
  namespace,
  labels,
});

interface Selectors {
  readonly selectors?: readonly LabelSelector[];
}

async function withSelectors() {
  const engine = new Engine();
  const source = new ScriptedSource('one');
  const meshConfig = { defaults: {}, parse: (value: unknown) => ({ value: value as Selectors, issues: [] }) };
  const kinds = [{ kind: 'Service' }, { kind: 'Namespace' }, { kind: 'ConfigMap' }, { kind: 'VirtualService' }, { kind: 'Node' }];
  const rest = { meshConfig, rootNamespace: 'root', revision: 'blue', discoverySelectors: ({ selectors = [] }: Selectors) => selectors };
  const controller = new ConfigController({ engine, kinds, sources: [source], ...rest });
  await controller.start(new AbortController().signal);
  const names = (kind: 'Service' | 'Namespace' | 'VirtualService' | 'Node') => [...controller.table(kind).get().keys()];
  const select = (selectors: readonly LabelSelector[]) =>
    source.sink.apply({ documents: { mesh: { text: JSON.stringify({ selectors }), file: 'mesh.yaml' } } });
  return { engine, source, select, controller, names };
}

describe('namespaces that are not selected', () => {
  const inMesh = { matchLabels: { mesh: 'yes' } };

  it('give nothing, and everything as soon as they are', async () => {
    const { engine, source, select, names } = await withSelectors();
    source.put(ofKind('Service', 'a', 'one'), ofKind('Service', 'b', 'two'), ofKind('Node', 'n', ''));
    source.put(ofKind('Namespace', 'one', '', { mesh: 'yes' }), ofKind('Namespace', 'two', ''));
    expect(names('Service')).toEqual(['one/a', 'two/b']);
    const unselected = engine.revision;
    select([inMesh]);
    expect(engine.revision).toBe(unselected + 1);
    expect(names('Service')).toEqual(['one/a']);
    expect(names('Namespace')).toEqual(['/one', '/two']);
    expect(names('Node')).toEqual(['/n']);
    const before = engine.revision;
    source.put(ofKind('Namespace', 'two', '', { mesh: 'yes' }));
    expect(engine.revision).toBe(before + 1);
    expect(names('Service')).toEqual(['one/a', 'two/b']);
    source.put(ofKind('Namespace', 'one', '', { mesh: 'no' }));
    expect(names('Service')).toEqual(['two/b']);
    select([inMesh, { matchLabels: { mesh: 'no' } }]);
    expect(names('Service')).toEqual(['one/a', 'two/b']);
    select([]);
    source.drop(ofKind('Namespace', 'two', ''));
    expect(names('Service')).toEqual(['one/a', 'two/b']);
  });

  it('are those that nobody has described, and those that are gone', async () => {
    const { source, select, names } = await withSelectors();
    select([inMesh]);
    source.put(ofKind('Service', 'a', 'one'));
    expect(names('Service')).toEqual([]);
    source.put(ofKind('Service', 'b', 'one'), ofKind('Namespace', 'one', '', { mesh: 'yes' }));
    expect(names('Service')).toEqual(['one/a', 'one/b']);
    source.drop(ofKind('Namespace', 'one', ''));
    expect(names('Service')).toEqual([]);
  });

  it('may hold the settings of the mesh all the same', async () => {
    const { source, select, controller } = await withSelectors();
    select([inMesh]);
    const networks = { networks: { far: { endpoints: [{ fromCidr: '10.0.0.0/8' }] } } };
    source.put({ ...ofKind('ConfigMap', 'istio', 'root'), spec: { data: { meshNetworks: JSON.stringify(networks) } } });
    expect(controller.meshNetworks.get()).toEqual(networks);
  });
});

it("reads Istio's objects of its own revision and of none, and everything else whatever it is labelled", async () => {
  const { source, names } = await withSelectors();
  const rev = (revision: string) => ({ 'istio.io/rev': revision });
  source.put(ofKind('VirtualService', 'a', 'ns'), ofKind('VirtualService', 'b', 'ns', rev('blue')));
  source.put(ofKind('VirtualService', 'c', 'ns', rev('green')), ofKind('Service', 'd', 'ns', rev('green')));
  expect(names('VirtualService')).toEqual(['ns/a', 'ns/b']);
  expect(names('Service')).toEqual(['ns/d']);
  source.put(ofKind('VirtualService', 'b', 'ns', rev('green')), ofKind('VirtualService', 'c', 'ns', rev('blue')));
  expect(names('VirtualService')).toEqual(['ns/a', 'ns/c']);
});
