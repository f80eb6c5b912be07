// A discovery server over a memory source, and clients for it: what every protocol case starts with.
import { type Client, type ClientDuplexStream, credentials } from '@grpc/grpc-js';
import { onTestFinished } from 'vitest';
import { DiscoveryServer } from '../../src/discovery/discovery-server.ts';
import { type DiscoverySettings, defaultDiscoverySettings } from '../../src/discovery/discovery-settings.ts';
import { loadProtos } from '../../src/envoy/protos.ts';
import { type Clock, systemClock } from '../../src/lib/clock.ts';
import { createLogger } from '../../src/lib/log.ts';
import { loadAdsClient } from './ads-service.ts';
import { MemorySource } from './memory-source.ts';
import { RecordedMetrics } from './recorded-metrics.ts';
import { ScriptedClient } from './scripted-client.ts';

type Variant = 'sotw' | 'delta';

export interface ProtocolTest {
  readonly source: MemorySource;
  readonly server: DiscoveryServer;
  readonly metrics: RecordedMetrics;
  readonly nacks: string[];
  readonly address: string;
  readonly connect: (variant: Variant, nodeId?: string) => ScriptedClient;
  /** Drains the server. */
  readonly stop: () => void;
}

const protos = loadProtos();
const AdsClient = loadAdsClient();

const testSettings: DiscoverySettings = {
  ...defaultDiscoverySettings,
  address: '127.0.0.1:0',
  debounceAfterMs: 5,
  debounceMaxMs: 20,
  maxStreamsPerSecond: 100_000,
  drainMs: 200,
};

/** Starts a server on loopback that ends with the test. */
export async function protocolTest(settings: Partial<DiscoverySettings> = {}, clock: Clock = systemClock): Promise<ProtocolTest> {
  const source = new MemorySource();
  const metrics = new RecordedMetrics();
  const nacks: string[] = [];
  const server = new DiscoveryServer({
    source,
    metrics,
    protos,
    settings: { ...testSettings, ...settings },
    clock,
    log: createLogger({ level: 'silent' }),
    onNack: (nodeId, typeUrl, names, message) => nacks.push([nodeId, typeUrl.split('.').at(-1), names.join(','), message].join(' ')),
  });
  const shutdown = new AbortController();
  const address = await server.start(shutdown.signal);
  const clients: Client[] = [];
  onTestFinished(async () => {
    for (const client of clients) client.close();
    shutdown.abort();
    await server.closed();
  });

  let opened = 0;
  const serverIdle = async (nodeId: string) => {
    await server.idle();
    const own = server.connections().filter((connection) => connection.nodeId === nodeId);
    const sum = (key: 'requestsReceived' | 'responsesSent') => own.reduce((total, connection) => total + connection[key], 0);
    return { requests: sum('requestsReceived'), responses: sum('responsesSent') };
  };
  const connect = (variant: Variant, nodeId = `sidecar~10.0.0.${++opened}~web-${opened}.default~default.svc.cluster.local`) => {
    const client = new AdsClient(address, credentials.createInsecure(), {
      'grpc.use_local_subchannel_pool': 1,
      'grpc.max_receive_message_length': -1,
    });
    clients.push(client);
    const method = variant === 'sotw' ? 'StreamAggregatedResources' : 'DeltaAggregatedResources';
    const open = client[method] as () => ClientDuplexStream<object, never>;
    return new ScriptedClient({ call: open.call(client), nodeId, serverIdle });
  };
  return { source, server, metrics, nacks, address, connect, stop: () => shutdown.abort() };
}
