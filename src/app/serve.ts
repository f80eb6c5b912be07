import type { ServeOptions } from '../cli/roles.ts';
import type { ConfigSource } from '../config/config-source.ts';
import { DirectorySource } from '../config/files/directory-source.ts';
import { MeshConfigFile } from '../config/files/mesh-config-file.ts';
import { loadProtos } from '../envoy/protos.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import { createLogger, type LogLevel } from '../lib/log.ts';
import { tuneCollector } from './collector-flags.ts';
import { readDiscoverySettings } from './discovery-settings.ts';
import { parseWithEffect } from './kinds-without-effect.ts';
import { startControlPlane } from './start-control-plane.ts';
import { endWithSentence } from './startup-error.ts';
import { untilToldToStop } from './until-told-to-stop.ts';

/** Runs the control plane until it is told to stop; prints `READY xds=HOST:PORT http=HOST:PORT` once everything is synced. */
export async function serve(options: ServeOptions): Promise<void> {
  tuneCollector(process.versions.node);
  const stop = untilToldToStop(options.exitWithStdin);
  // Waiting for a directory to appear keeps nothing else alive.
  const stayAlive = setInterval(() => {}, 2 ** 30);
  stop.signal.addEventListener('abort', () => clearInterval(stayAlive));
  const clock = systemClock;
  const { discovery, xds, http } = await startControlPlane(
    {
      sources: sourcesOf(options, clock),
      settings: readDiscoverySettings(process.env, options.xdsAddress),
      httpAddress: options.httpAddress,
      env: process.env,
      protos: loadProtos(),
      clock,
      log: createLogger({ level: options.logLevel as LogLevel }),
    },
    stop.signal,
  ).catch(endWithSentence);
  if (!stop.signal.aborted) process.stdout.write(`READY xds=${xds} http=${http}\n`);
  await stop.promise;
  await discovery.closed();
}

/** Where configuration comes from; of two that state the same the first counts. */
function sourcesOf({ config, meshConfig }: ServeOptions, clock: Clock): readonly ConfigSource[] {
  const files = new DirectorySource({ directories: config, parseObject: parseWithEffect, clock });
  return meshConfig === undefined ? [files] : [new MeshConfigFile({ path: meshConfig, clock }), files];
}
