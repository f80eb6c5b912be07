import { DirectorySource } from '../../config/files/directory-source.ts';
import { noDiscoveryMetrics } from '../../discovery/discovery-metrics.ts';
import { DiscoveryServer } from '../../discovery/discovery-server.ts';
import type { EnvoyProtos } from '../../envoy/protos.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Logger } from '../../lib/log.ts';
import { parseObject } from '../../schema/parse-object.ts';
import { type ControlPlane, createControlPlane } from '../control-plane.ts';
import { readDiscoverySettings } from '../discovery-settings.ts';
import type { ChangeLog } from './change-log.ts';

export interface DemoPlaneOptions {
  readonly directory: string;
  readonly changes: ChangeLog;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly protos: EnvoyProtos;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface DemoPlane {
  readonly plane: ControlPlane;
  readonly discovery: DiscoveryServer;
  /** `HOST:PORT` of plaintext xDS, on a free port. */
  readonly xdsAddress: string;
}

/** The control plane of the demo: the one of `serve`, on a port of its own, with its changes overheard. */
export async function startDemoPlane(options: DemoPlaneOptions, signal: AbortSignal): Promise<DemoPlane> {
  const { directory, changes, env, protos, clock, log } = options;
  const files = new DirectorySource({ directories: [directory], parseObject, clock });
  const plane = createControlPlane({ sources: [changes.around(files)], env, protos, log });
  const discovery = new DiscoveryServer({
    source: plane.source,
    settings: { ...readDiscoverySettings(env, '127.0.0.1:0'), drainMs: 0 },
    protos,
    clock,
    log: log.scoped('ads'),
    metrics: { ...noDiscoveryMetrics, converged: (ms) => changes.converged(ms) },
  });
  await plane.config.start(signal);
  changes.open();
  return { plane, discovery, xdsAddress: await discovery.start(signal) };
}
