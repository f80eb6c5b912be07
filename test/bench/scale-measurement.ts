import { createControlPlane } from '../../src/app/control-plane.ts';
import { loadProtos } from '../../src/envoy/protos.ts';
import { type TypeUrlName, typeUrls } from '../../src/envoy/type-urls.ts';
import { hashBytes } from '../../src/lib/hash.ts';
import { silentLogger } from '../../src/lib/log.ts';
import { toStruct } from '../../src/lib/struct.ts';
import { readFeatureFlags } from '../../src/mesh/feature-flags.ts';
import type { ConfigObject } from '../../src/model/config-object.ts';
import { LbEndpoints } from '../../src/xds/endpoints/lb-endpoints.ts';
import type { ProxyViews } from '../../src/xds/views/proxy-views.ts';
import { ResourceEncoder } from '../../src/xds/views/resource-encoder.ts';
import { viewKinds } from '../../src/xds/views/view-kinds.ts';
import { XdsSource } from '../../src/xds/views/xds-source.ts';
import type { TestProxy } from '../harness/text-mesh.ts';
import { TextSource } from '../harness/text-source.ts';
import { destinationRule, namespaceOf, serviceEntry, sidecarOf, virtualService, type WorldShape, worldObjects } from './scale-world.ts';

export interface ScaleInput extends WorldShape {
  readonly types: readonly string[];
  readonly rounds: number;
}

export interface ScaleResult {
  readonly input: ScaleInput;
  /** Milliseconds of CPU, heap in MB, counts; by what was measured. */
  readonly figures: Readonly<Record<string, number>>;
}

/** One that takes virtual hosts by themselves. */
const envoy = { extensions: [], user_agent_build_version: { version: { major_number: 1, minor_number: 40, patch: 0 } } };

interface Bench {
  readonly texts: TextSource;
  readonly connect: (proxy: TestProxy) => void;
  /** Asks every stale view for what has changed; returns how many resources that were. */
  readonly push: () => number;
  readonly recomputed: () => number;
}

/** One world, one process. */
export async function measureScale(input: ScaleInput): Promise<ScaleResult> {
  const bench = await makeBench(input);
  const figures: Record<string, number> = {};
  const heapBefore = await heap();
  figures['load objects, ms'] = cpuOf(() => bench.texts.applyObjects(worldObjects(input)));
  const connectTo = (from: number, to: number) => {
    for (let i = from; i < to; i++) bench.connect(sidecarOf(input, i));
  };
  figures['first sidecar, ms'] = cpuOf(() => connectTo(0, 1));
  const afterFirst = await heap();
  figures['first sidecar with world, MB'] = afterFirst - heapBefore;
  figures['further namespace, ms'] = cpuOf(() => connectTo(1, input.namespaces)) / (input.namespaces - 1);
  const afterNamespaces = await heap();
  figures['further namespace, MB'] = (afterNamespaces - afterFirst) / (input.namespaces - 1);
  figures['further proxy, ms'] = cpuOf(() => connectTo(input.namespaces, 2 * input.namespaces)) / input.namespaces;
  figures['further proxy, MB'] = ((await heap()) - afterNamespaces) / input.namespaces;
  for (const [name, change] of Object.entries(changes(input, bench.texts))) {
    const { ms, recomputed, resources } = roundsOf(input.rounds, bench, change);
    figures[`${name}, ms`] = ms;
    figures[`${name}, cells`] = recomputed;
    figures[`${name}, resources`] = resources;
  }
  return { input, figures };
}

function changes(shape: WorldShape, texts: TextSource): Readonly<Record<string, (round: number) => void>> {
  const change = (...objects: readonly ConfigObject[]) => texts.applyObjects(objects);
  const added = (round: number) => shape.services + round;
  const entry = (i: number) => ({ kind: 'ServiceEntry', namespace: namespaceOf(shape, i), name: `svc-${i}` });
  return {
    endpoint: (round) => change(serviceEntry(shape, 7 + 3 * round, { round: round + 1 })),
    route: (round) => change(virtualService(shape, 3 + 2 * round, round + 1)),
    rule: (round) => change(destinationRule(shape, 3 + 2 * round, round + 1)),
    'new service': (round) => change(serviceEntry(shape, added(round))),
    'removed service': (round) => texts.remove(entry(added(round))),
    'new private service': (round) => change(serviceEntry(shape, added(round), { exportTo: ['.'] })),
    'removed private service': (round) => texts.remove(entry(added(round))),
  };
}

function roundsOf(rounds: number, bench: Bench, change: (round: number) => void) {
  const samples: number[] = [];
  let resources = 0;
  const before = bench.recomputed();
  for (let round = 0; round < rounds; round++) {
    samples.push(
      cpuOf(() => {
        change(round);
        resources = bench.push();
      }),
    );
  }
  const sorted = samples.sort((a, b) => a - b);
  return { ms: sorted[sorted.length >> 1] ?? Number.NaN, recomputed: (bench.recomputed() - before) / rounds, resources };
}

async function makeBench(input: ScaleInput): Promise<Bench> {
  const texts = new TextSource([]);
  const protos = loadProtos();
  const plane = createControlPlane({ sources: [texts], env: {}, protos, log: silentLogger });
  await plane.config.start(new AbortController().signal);
  const types = input.types.map((type) => typeUrls[type as TypeUrlName]);
  const encoder = new ResourceEncoder({
    encodeAny: (message) => protos.encodeAny(message),
    encode: (typeName, message) => protos.encode(typeName, message),
    hash: hashBytes,
  });
  const flags = readFeatureFlags({});
  const kinds = viewKinds(plane.mesh, { encoder, messages: new LbEndpoints({ flags }), patching: plane.patching, flags });
  const source = new XdsSource({
    mesh: plane.mesh,
    kinds: kinds.filter(({ typeUrl }) => types.includes(typeUrl as never)),
    ready: plane.hasSynced,
  });
  const stale = new Set<ProxyViews>();
  const seen = new Map<ProxyViews, Map<string, number>>();
  const ask = (proxy: ProxyViews): number => {
    const revisions = seen.get(proxy) ?? new Map<string, number>();
    seen.set(proxy, revisions);
    let resources = 0;
    for (const type of types) {
      const view = proxy.view(type);
      if (view === undefined) continue;
      const revision = view.revision();
      const before = revisions.get(type);
      if (before !== revision) {
        const names = before === undefined ? undefined : view.changedSince(before);
        for (const name of names ?? view.all().keys()) if (view.get(name) !== undefined) resources++;
      }
      revisions.set(type, revision);
    }
    return resources;
  };
  return {
    texts,
    connect: (proxy) => {
      const node = { id: proxy.nodeId, metadata: toStruct(proxy.metadata ?? {}), locality: proxy.locality ?? null, ...envoy };
      const views = source.admit(node, 'delta');
      if ('refused' in views) throw new Error(views.refused);
      views.onStale(() => stale.add(views));
      ask(views);
    },
    push: () => {
      let resources = 0;
      for (const proxy of stale) {
        stale.delete(proxy);
        resources += ask(proxy);
      }
      return resources;
    },
    recomputed: () => plane.engine.stats().recomputed,
  };
}

/** Milliseconds of CPU of this process, the collector's threads among them. */
function cpuOf(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** What a job has looked at through weak references stays until the job is over. */
async function heap(): Promise<number> {
  await new Promise<void>((resolve) => setImmediate(resolve));
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 1e6;
}
