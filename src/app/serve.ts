import { serveHttp } from '../admin/http-server.ts';
import type { ServeOptions } from '../cli/roles.ts';
import { DirectorySource } from '../config/files/directory-source.ts';
import { DiscoveryServer } from '../discovery/discovery-server.ts';
import { noDiscoveryMetrics } from '../discovery/discovery-metrics.ts';
import { loadProtos } from '../envoy/protos.ts';
import { systemClock } from '../lib/clock.ts';
import { createLogger, type LogLevel } from '../lib/log.ts';
import { parseObject } from '../schema/parse-object.ts';
import { createControlPlane } from './control-plane.ts';
import { readDiscoverySettings } from './discovery-settings.ts';
import { untilToldToStop } from './until-told-to-stop.ts';

/** Runs the control plane until it is told to stop; prints `READY xds=HOST:PORT http=HOST:PORT` once everything is synced. */
export async function serve(options: ServeOptions): Promise<void> {
  const log = createLogger({ level: options.logLevel as LogLevel });
  const stop = untilToldToStop(options.exitWithStdin);
  const protos = loadProtos();
  const clock = systemClock;
  const files = new DirectorySource({ directories: options.config, parseObject, clock });
  const plane = createControlPlane({ sources: [files], env: process.env, protos, log });
  const discovery = new DiscoveryServer({
    source: plane.source,
    settings: readDiscoverySettings(process.env, options.xdsAddress),
    protos,
    clock,
    log: log.scoped('ads'),
    metrics: noDiscoveryMetrics,
  });
  await plane.config.start(stop.signal);
  const xds = await discovery.start(stop.signal);
  const ready = { path: '/ready', help: 'whether everything is synced', answer: () => ({ status: plane.hasSynced() ? 200 : 503, contentType: 'text/plain', body: '' }) };
  const http = await serveHttp({ address: options.httpAddress, endpoints: [ready] }, stop.signal);
  process.stdout.write(`READY xds=${xds} http=${http}\n`);
  await stop.promise;
  await discovery.closed();
}
