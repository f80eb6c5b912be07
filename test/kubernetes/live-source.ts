import { expect, onTestFinished, vi } from 'vitest';
import { parseWithEffect } from '../../src/app/kinds-without-effect.ts';
import { meshConfigFormat } from '../../src/app/mesh-config-format.ts';
import { ConfigController } from '../../src/config/config-controller.ts';
import type { ConfigUpdate } from '../../src/config/config-source.ts';
import { KubernetesSource } from '../../src/config/kubernetes/kubernetes-source.ts';
import { watchedKinds } from '../../src/config/kubernetes/watched-kinds.ts';
import { Engine } from '../../src/incremental/engine.ts';
import { connectKube } from '../../src/kubernetes/connect-kube.ts';
import type { ListWatchStatus } from '../../src/kubernetes/list-watch/list-watch-status.ts';
import { type Clock, systemClock } from '../../src/lib/clock.ts';
import { kindOf, kinds } from '../../src/schema/kinds.ts';
import type { KindName } from '../../src/schema/spec-by-kind.ts';
import { collectionOf, FakeApiServer, type FakeObject } from '../harness/kube/fake-api-server.ts';

export const services = collectionOf(kindOf('Service')!);
export const gateways = collectionOf(kindOf('Gateway')!);
export const sidecars = collectionOf(kindOf('Sidecar')!);

/** A ConfigController that follows a fake API server, and everything that it was ever told. */
export interface LiveSource {
  readonly fake: FakeApiServer;
  readonly source: KubernetesSource;
  readonly config: ConfigController;
  readonly updates: ConfigUpdate[];
  /** `namespace/name` of the objects of a kind, in order. */
  readonly names: (kind: KindName) => readonly string[];
  readonly watch: (kind: string) => ListWatchStatus;
  /** Smallest number of objects of a kind that anybody has seen since it was last asked for. */
  readonly fewest: (kind: KindName) => number;
}

export interface LiveSourceOptions {
  readonly idleMs?: number;
  /** False: the first reading is not waited for. */
  readonly isSynced?: boolean;
  /** So much shorter are all waits; 1 where a test is about them. */
  readonly haste?: number;
}

/** Starts everything; `before` fills the server first. */
export async function liveSource(
  before: (fake: FakeApiServer) => void = () => undefined,
  { idleMs, isSynced = true, haste = 20 }: LiveSourceOptions = {},
): Promise<LiveSource> {
  const fake = await FakeApiServer.start();
  before(fake);
  const client = await connectKube({ kind: 'inline', text: fake.kubeconfig });
  const source = new KubernetesSource({
    name: 'kubernetes',
    client,
    kinds: watchedKinds('istio-system'),
    parseObject: parseWithEffect,
    clock: hasty(haste),
    random: Math.random,
    ...(idleMs === undefined ? {} : { idleMs }),
  });
  const updates: ConfigUpdate[] = [];
  const fewest = new Map<KindName, number>();
  const engine = new Engine();
  const config: ConfigController = new ConfigController({
    engine,
    kinds,
    meshConfig: meshConfigFormat as never,
    rootNamespace: 'istio-system',
    sources: [
      {
        name: source.name,
        start: (sink, signal) =>
          source.start(
            {
              apply(update) {
                updates.push(update);
                sink.apply(update);
                for (const kind of ['Service', 'Gateway', 'Sidecar'] as const)
                  fewest.set(kind, Math.min(fewest.get(kind) ?? Number.POSITIVE_INFINITY, config.table(kind).get().size));
              },
            },
            signal,
          ),
        hasSynced: () => source.hasSynced(),
        positionOf: () => undefined,
      },
    ],
  });
  const end = new AbortController();
  onTestFinished(async () => {
    end.abort();
    await fake.stop();
  });
  const started = config.start(end.signal);
  if (isSynced) {
    await started;
    await until(() => expect(new Set(source.watches().map(({ state }) => state))).toEqual(new Set(['Watching'])));
  }
  return {
    fake,
    source,
    config,
    updates,
    names: (kind) => [...config.table(kind).get().keys()].toSorted(),
    watch: (kind) => source.watches().find((status) => status.kind === kind)!,
    fewest(kind) {
      const seen = Math.min(fewest.get(kind) ?? Number.POSITIVE_INFINITY, config.table(kind).get().size);
      fewest.delete(kind);
      return seen;
    },
  };
}

export function service(name: string, port = 80): FakeObject {
  const kind = { apiVersion: 'v1', kind: 'Service' };
  return Object.assign({ metadata: { name, namespace: 'shop' } }, { ...kind, spec: { ports: [{ name: 'http', port }] } });
}

export function sidecar(name: string, spec: object = {}): FakeObject {
  const kind = { apiVersion: 'networking.istio.io/v1', kind: 'Sidecar' };
  return Object.assign({ metadata: { name, namespace: 'shop' } }, { ...kind, spec: { egress: [{ hosts: ['./*'] }], ...spec } });
}

function hasty(haste: number): Clock {
  return { ...systemClock, setTimeout: (callback, delayMs, options) => systemClock.setTimeout(callback, delayMs / haste, options) };
}

/** Patient: the machine may be busy. */
export const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 20_000, interval: 10 });
