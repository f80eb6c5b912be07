// A discovery server over a memory source, and clients for it: what every protocol case starts with.
import { type ClientDuplexStream, credentials } from '@grpc/grpc-js';
import { onTestFinished } from 'vitest';
import { DiscoveryServer } from '../../src/discovery/discovery-server.ts';
import { type DiscoverySettings, defaultDiscoverySettings } from '../../src/discovery/discovery-settings.ts';
import { loadProtos } from '../../src/envoy/protos.ts';
import { type Clock, systemClock } from '../../src/lib/clock.ts';
import { createLogger } from '../../src/lib/log.ts';
import { loadAdsClient } from './ads-service.ts';
import { localCall } from './client-call.ts';
import { clientProcess } from './client-process.ts';
import { MemorySource } from './memory-source.ts';
import { RecordedMetrics } from './recorded-metrics.ts';
import { type ResponseMessage, ScriptedClient } from './scripted-client.ts';

type Variant = 'sotw' | 'delta';

export interface ProtocolTest {
  readonly source: MemorySource;
  readonly server: DiscoveryServer;
  readonly metrics: RecordedMetrics;
  readonly nacks: string[];
  readonly address: string;
  readonly connect: (variant: Variant, nodeId?: string) => ScriptedClient;
  /** As `connect`, out of a process of its own. */
  readonly connectProcess: (variant: Variant) => ScriptedClient;
  /** Drains the server. */
  readonly stop: () => void;
}

const methods = { sotw: 'StreamAggregatedResources', delta: 'DeltaAggregatedResources' } as const;
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
  const closing: (() => void)[] = [];
  onTestFinished(async () => {
    for (const close of closing) close();
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
  const nextNode = () => `sidecar~10.0.0.${++opened}~web-${opened}.default~default.svc.cluster.local`;
  const connect = (variant: Variant, nodeId = nextNode()) => {
    const client = new AdsClient(address, credentials.createInsecure(), {
      'grpc.use_local_subchannel_pool': 1,
      'grpc.max_receive_message_length': -1,
    });
    closing.push(() => client.close());
    const open = client[methods[variant]] as () => ClientDuplexStream<object, ResponseMessage>;
    return new ScriptedClient({ call: localCall(open.call(client)), nodeId, serverIdle });
  };
  const connectProcess = (variant: Variant) => {
    const call = clientProcess<ResponseMessage>(address, methods[variant]);
    closing.push(() => call.dispose());
    return new ScriptedClient({ call, nodeId: nextNode(), serverIdle });
  };
  return { source, server, metrics, nacks, address, connect, connectProcess, stop: () => shutdown.abort() };
}
