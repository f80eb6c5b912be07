import { noDiscoveryMetrics } from '../../src/discovery/discovery-metrics.ts';
import { DiscoveryServer } from '../../src/discovery/discovery-server.ts';
import { defaultDiscoverySettings } from '../../src/discovery/discovery-settings.ts';
import type { ResourceSource } from '../../src/discovery/resource-source.ts';
import type { EnvoyProtos } from '../../src/envoy/protos.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLogger } from '../../src/lib/log.ts';

/** A discovery server on loopback, with what proxies refused. */
export interface TestDiscovery {
  readonly address: string;
  readonly server: DiscoveryServer;
  /** Every refusal so far: type, names, reason. */
  readonly nacks: string[];
  /** Resolves when every proxy has answered all that there was to send. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

export async function serveXds(source: ResourceSource, protos: EnvoyProtos): Promise<TestDiscovery> {
  const nacks: string[] = [];
  const server = new DiscoveryServer({
    source,
    protos,
    settings: { ...defaultDiscoverySettings, address: '127.0.0.1:0', debounceAfterMs: 1, drainMs: 100 },
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
    for (await server.idle(); !isSettled(); await server.idle()) await new Promise<void>((resolve) => setImmediate(resolve));
  };
  const stop = async () => {
    end.abort();
    await server.closed();
  };
  return { address, server, nacks, settled, stop };
}
