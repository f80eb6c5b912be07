import type { ServeOptions } from '../cli/roles.ts';
import { loadProtos } from '../envoy/protos.ts';
import { systemClock } from '../lib/clock.ts';
import { createLogger, type LogLevel } from '../lib/log.ts';
import type { RegistryEntry } from '../schema/mesh-registries/mesh-registries.ts';
import { tuneCollector } from './collector-flags.ts';
import { configSources } from './config-sources.ts';
import { readDiscoverySettings } from './discovery-settings.ts';
import { startControlPlane } from './start-control-plane.ts';
import { endWithSentence } from './startup-error.ts';
import { statedRegistries } from './stated-registries.ts';
import { untilToldToStop } from './until-told-to-stop.ts';

function readRegistries({ registry = [] }: ServeOptions): readonly RegistryEntry[] {
  try {
    return statedRegistries(registry);
  } catch (error) {
    return endWithSentence(error);
  }
}

/** Runs the control plane until it is told to stop; prints `READY xds=HOST:PORT http=HOST:PORT` once everything is synced. */
export async function serve(options: ServeOptions): Promise<void> {
  tuneCollector(process.versions.node);
  const stop = untilToldToStop(options.exitWithStdin);
  // Waiting for a directory to appear keeps nothing else alive.
  const stayAlive = setInterval(() => {}, 2 ** 30);
  stop.signal.addEventListener('abort', () => clearInterval(stayAlive));
  const clock = systemClock;
  const registries = readRegistries(options);
  const { sources, cluster } = await configSources(options, process.env, clock).catch(endWithSentence);
  const { discovery, xds, http, duties } = await startControlPlane(
    {
      sources,
      registries,
      ...(cluster && { cluster: { client: cluster.client, webhookAddress: options.webhookAddress } }),
      watches: () => cluster?.source.watches() ?? [],
      settings: readDiscoverySettings(process.env, options.xdsAddress),
      httpAddress: options.httpAddress,
      ...(options.monitoringAddress !== undefined && { monitoringAddress: options.monitoringAddress }),
      env: process.env,
      protos: loadProtos(),
      clock,
      log: createLogger({ level: options.logLevel as LogLevel }),
    },
    stop.signal,
  ).catch(endWithSentence);
  const webhook = duties?.webhook === undefined ? '' : ` webhook=${duties.webhook}`;
  if (!stop.signal.aborted) process.stdout.write(`READY xds=${xds} http=${http}${webhook}\n`);
  await stop.promise;
  await Promise.all([discovery.closed(), duties?.done]);
}
