import type { ConnectionStatus } from '../../src/discovery/connection-status.ts';
import { noDiscoveryMetrics } from '../../src/discovery/discovery-metrics.ts';
import { DiscoveryServer } from '../../src/discovery/discovery-server.ts';
import { type DiscoverySettings, defaultDiscoverySettings } from '../../src/discovery/discovery-settings.ts';
import type { ResourceSource } from '../../src/discovery/resource-source.ts';
import type { EnvoyProtos } from '../../src/envoy/protos.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLogger } from '../../src/lib/log.ts';

/** How long proxies may take to answer before a test gives up on them. */
const settleMs = 30_000;

/** A discovery server on loopback, with what proxies refused. */
export interface TestDiscovery {
  readonly address: string;
  readonly server: DiscoveryServer;
  /** Every refusal so far: type, names, reason. */
  readonly nacks: string[];
  /** Resolves when every proxy has answered all that there was to send; rejects, with what is open, when one does not in time. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

export async function serveXds(
  source: ResourceSource,
  protos: EnvoyProtos,
  settings: Partial<DiscoverySettings> = {},
): Promise<TestDiscovery> {
  const nacks: string[] = [];
  const server = new DiscoveryServer({
    source,
    protos,
    settings: { ...defaultDiscoverySettings, address: '127.0.0.1:0', debounceAfterMs: 1, drainMs: 100, removalLingerMs: 0, ...settings },
    clock: systemClock,
    log: silentLogger,
    metrics: noDiscoveryMetrics,
    onNack: (_, typeUrl, names, message) => nacks.push(`${typeUrl.split('.').at(-1)} ${names.join(', ')}: ${message}`),
  });
  const end = new AbortController();
  const address = await server.start(end.signal);
  const isSettled = () =>
    server.connections().every(({ watches }) => watches.every(({ isSynced, lastError }) => isSynced || lastError !== ''));
  const settled = async () => {
    const deadline = performance.now() + settleMs;
    for (await server.idle(); !isSettled(); await server.idle()) {
      if (performance.now() > deadline) throw new Error(`proxies do not settle: ${JSON.stringify(unsettled(server.connections()))}`);
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  };
  const stop = async () => {
    end.abort();
    await server.closed();
  };
  return { address, server, nacks, settled, stop };
}

function unsettled(connections: readonly ConnectionStatus[]): readonly object[] {
  return connections.flatMap(({ nodeId, watches }) => watches.filter(({ isSynced }) => !isSynced).map((watch) => ({ nodeId, ...watch })));
}
