import { Registry } from 'prom-client';
import { ConnectedProxies } from '../admin/connected-proxies.ts';
import { serveHttp } from '../admin/http-server.ts';
import { inboundUpdateCounter, rejectedConfigCounter } from '../admin/metrics/config-metrics.ts';
import { addProcessMetrics } from '../admin/metrics/process-metrics.ts';
import { pushMetrics } from '../admin/metrics/push-metrics.ts';
import type { ServeOptions } from '../cli/roles.ts';
import { DirectorySource } from '../config/files/directory-source.ts';
import { DiscoveryServer } from '../discovery/discovery-server.ts';
import { loadProtos } from '../envoy/protos.ts';
import { systemClock } from '../lib/clock.ts';
import { createLogger, type LogLevel } from '../lib/log.ts';
import { parseObject } from '../schema/parse-object.ts';
import { parseNode } from '../xds/node/parse-node.ts';
import { adminEndpoints } from './admin-endpoints.ts';
import { readBuildInfo } from './build-info.ts';
import { createControlPlane } from './control-plane.ts';
import { countUpdates } from './count-updates.ts';
import { readDiscoverySettings } from './discovery-settings.ts';
import { reportIssues } from './report-issues.ts';
import { untilToldToStop } from './until-told-to-stop.ts';

/** Runs the control plane until it is told to stop; prints `READY xds=HOST:PORT http=HOST:PORT` once everything is synced. */
export async function serve(options: ServeOptions): Promise<void> {
  const log = createLogger({ level: options.logLevel as LogLevel });
  const stop = untilToldToStop(options.exitWithStdin);
  const protos = loadProtos();
  const clock = systemClock;
  const registry = new Registry();
  const files = new DirectorySource({ directories: options.config, parseObject, clock });
  const sources = [countUpdates(files, inboundUpdateCounter(registry))];
  const plane = createControlPlane({ sources, env: process.env, protos, log });
  const metrics = pushMetrics(registry);
  const proxies = new ConnectedProxies({ source: plane.source, parseNode });
  const discovery = new DiscoveryServer({
    source: proxies,
    settings: readDiscoverySettings(process.env, options.xdsAddress),
    protos,
    clock,
    log: log.scoped('ads'),
    metrics,
    onNack: (nodeId, typeUrl) => metrics.rejectedBy(nodeId, typeUrl),
  });
  const build = readBuildInfo();
  addProcessMetrics(registry, clock, build);
  const endpoints = adminEndpoints({ plane, connections: () => discovery.connections(), proxies, registry, protos, build });
  await plane.config.start(stop.signal);
  reportIssues(
    { engine: plane.engine, issues: plane.config.issues, log: log.scoped('config'), onNew: rejectedConfigCounter(registry) },
    stop.signal,
  );
  const xds = await discovery.start(stop.signal);
  const http = await serveHttp({ address: options.httpAddress, endpoints, log: log.scoped('admin') }, stop.signal);
  process.stdout.write(`READY xds=${xds} http=${http}\n`);
  await stop.promise;
  await discovery.closed();
}
