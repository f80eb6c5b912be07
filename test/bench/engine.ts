/** What one change costs among 10 000 services seen by 100 views. Run: node scripts/with-node.mjs test/bench/engine.ts */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { MapCell } from '../../src/incremental/cell.ts';
import { Engine } from '../../src/incremental/engine.ts';

interface Service {
  readonly name: string;
  readonly namespace: string;
  readonly port: number;
}

interface Mesh {
  readonly engine: Engine;
  readonly set: (key: string, service: Service) => void;
  readonly remove: (key: string) => void;
  readonly load: (services: ReadonlyMap<string, Service>) => void;
  readonly views: readonly MapCell<unknown>[];
}

const SERVICES = 10_000;
const VIEWS = 100;
const ROUNDS = 300;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const keyOf = (i: number): string => `ns${i % VIEWS}/svc${i}`;
const service = (i: number, port: number): Service => ({ name: `svc${i}`, namespace: `ns${i % VIEWS}`, port });

/** All services are public; each view puts 20 of its own over the shared base. services -> clusters -> by host -> overlay. */
function layered(views: number): Mesh {
  const engine = new Engine();
  const services = engine.table<Service>();
  const settings = engine.input({ suffix: 'cluster.local' });
  const clusters = engine.mapValues(services, (s, key, read) => ({
    key,
    host: `${s.name}.${s.namespace}.${read(settings).suffix}`,
    port: s.port,
  }));
  const base = engine.flatMap(clusters, (cluster) => [[`${cluster.host}:${cluster.port % 2}`, cluster] as const]);
  const byPort = engine.index(clusters, (cluster) => [String(cluster.port % 50)]);
  engine.observe(byPort.group('7'), () => {});
  const made = Array.from({ length: views }, (_, view) => {
    const own = engine.table<{ key: string; host: string; port: number } | null>();
    own.replace(
      new Map(Array.from({ length: 20 }, (_none, i) => [`own${view}-${i}:0`, i === 0 ? null : { key: `${i}`, host: `own${i}`, port: i }])),
    );
    return engine.overlay<{ key: string; host: string; port: number }>([own, base]);
  });
  return {
    engine,
    views: made,
    set: (k, s) => services.set(k, s),
    remove: (k) => services.delete(k),
    load: (all) => services.replace(all),
  };
}

/** Each view is a filtered map of its own: 100 x 2 000 keys, every key reading a setting and a policy of its namespace. */
function unlayered(views: number): Mesh {
  const engine = new Engine();
  const services = engine.table<Service>();
  const policies = engine.table<number>();
  const cluster = engine.family((key, read) => ({ key, policy: read(policies.at(key.split('/')[0] ?? '')) ?? 0 }));
  const groups = engine.index(services, (_s, key) => [String(Number(key.slice(key.lastIndexOf('svc') + 3)) % 5)]);
  const made = Array.from({ length: views }, (_, view) =>
    engine.mapValues(services, (s, key, read) => {
      if (Number(s.name.slice(3)) % 5 !== view % 5) return undefined;
      return { cluster: read(cluster(key)), port: s.port };
    }),
  );
  engine.observe(groups.groups, () => {});
  return {
    engine,
    views: made,
    set: (k, s) => services.set(k, s),
    remove: (k) => services.delete(k),
    load: (all) => services.replace(all),
  };
}

/** Asks every stale view for its delta, as a push does. */
function push(stale: Set<MapCell<unknown>>, since: number): number {
  let keys = 0;
  for (const view of stale) keys += view.changedSince(since)?.size ?? 0;
  stale.clear();
  return keys;
}

function median(samples: readonly number[]): number {
  return [...samples].sort((a, b) => a - b)[samples.length >> 1] ?? Number.NaN;
}

function percentile99(samples: readonly number[]): number {
  return [...samples].sort((a, b) => a - b)[Math.floor(samples.length * 0.99)] ?? Number.NaN;
}

function measure(make: (views: number) => Mesh, views: number): Record<string, string> {
  const all = new Map(Array.from({ length: SERVICES }, (_, i) => [keyOf(i), service(i, i)] as const));
  collectGarbage();
  const heapBefore = process.memoryUsage().heapUsed;
  const mesh = make(views);
  const start = performance.now();
  mesh.load(all);
  const stale = new Set<MapCell<unknown>>();
  for (const view of mesh.views) mesh.engine.observe(view, () => stale.add(view));
  const cold = performance.now() - start;
  collectGarbage();
  const heap = process.memoryUsage().heapUsed - heapBefore;
  const round = (change: (i: number) => void): { time: string; keys: number } => {
    const samples: number[] = [];
    let keys = 0;
    for (let i = 0; i < ROUNDS; i++) {
      const before = mesh.engine.revision;
      const began = performance.now();
      change(i);
      keys = push(stale, before);
      samples.push(performance.now() - began);
    }
    return { time: `${median(samples).toFixed(3)} (p99 ${percentile99(samples).toFixed(3)})`, keys };
  };
  const changed = round((i) => mesh.set(keyOf(i * 7), service(i * 7, 100_000 + i * 7)));
  const added = round((i) => mesh.set(keyOf(SERVICES + i), service(SERVICES + i, i)));
  const removed = round((i) => mesh.remove(keyOf(SERVICES + i)));
  return {
    'cold ms': cold.toFixed(0),
    'heap MB': (heap / 1e6).toFixed(1),
    'changed ms': changed.time,
    'added ms': added.time,
    'removed ms': removed.time,
    'keys per push': `${changed.keys}/${added.keys}/${removed.keys}`,
  };
}

console.table({
  [`${SERVICES} services, ${VIEWS} views over one base`]: measure(layered, VIEWS),
  [`${SERVICES} services, 1 000 views over one base`]: measure(layered, 1_000),
  [`${SERVICES} services, ${VIEWS} filtered maps of 2 000`]: measure(unlayered, VIEWS),
});
