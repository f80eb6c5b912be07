// A discovery server on loopback, and scripted clients for it.
import { type ClientDuplexStream, credentials } from '@grpc/grpc-js';
import { DiscoveryServer } from '../../src/discovery/discovery-server.ts';
import { type DiscoverySettings, defaultDiscoverySettings } from '../../src/discovery/discovery-settings.ts';
import type { ResourceSource } from '../../src/discovery/resource-source.ts';
import { loadProtos } from '../../src/envoy/protos.ts';
import { type Clock, systemClock } from '../../src/lib/clock.ts';
import { silentLogger } from '../../src/lib/log.ts';
import { loadAdsClient } from './ads-service.ts';
import { localCall } from './client-call.ts';
import { clientProcess } from './client-process.ts';
import { RecordedMetrics } from './recorded-metrics.ts';
import { type ResponseMessage, ScriptedClient, type ScriptedClientOptions } from './scripted-client.ts';

export type Variant = 'sotw' | 'delta';

/** Who a client says it is, and how it reads resources. */
export type Client = Pick<ScriptedClientOptions, 'nodeId' | 'node' | 'read'>;

export interface ServedClients {
  readonly server: DiscoveryServer;
  readonly metrics: RecordedMetrics;
  readonly nacks: string[];
  readonly address: string;
  readonly connect: (variant: Variant, client: Client) => ScriptedClient;
  /** As `connect`, out of a process of its own. */
  readonly connectProcess: (variant: Variant, client: Client) => ScriptedClient;
  /** Drains the server. */
  readonly stop: () => void;
  /** Closes the clients and the server. */
  readonly close: () => Promise<void>;
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
  removalLingerMs: 0,
  drainMs: 200,
};

export async function serveClients(
  source: ResourceSource,
  settings: Partial<DiscoverySettings> = {},
  clock: Clock = systemClock,
): Promise<ServedClients> {
  const metrics = new RecordedMetrics();
  const nacks: string[] = [];
  const server = new DiscoveryServer({
    source,
    metrics,
    protos,
    settings: { ...testSettings, ...settings },
    clock,
    log: silentLogger,
    onNack: (nodeId, typeUrl, names, message) => nacks.push([nodeId, typeUrl.split('.').at(-1), names.join(','), message].join(' ')),
  });
  const shutdown = new AbortController();
  const address = await server.start(shutdown.signal);
  const closing: (() => void)[] = [];

  const serverIdle = (variant: Variant) => async (nodeId: string) => {
    await server.idle();
    const own = server.connections().filter((connection) => connection.nodeId === nodeId && connection.variant === variant);
    const sum = (key: 'requestsReceived' | 'responsesSent') => own.reduce((total, connection) => total + connection[key], 0);
    return { requests: sum('requestsReceived'), responses: sum('responsesSent') };
  };
  return {
    server,
    metrics,
    nacks,
    address,
    connect(variant, who) {
      const client = new AdsClient(address, credentials.createInsecure(), {
        'grpc.use_local_subchannel_pool': 1,
        'grpc.max_receive_message_length': -1,
      });
      closing.push(() => client.close());
      const open = client[methods[variant]] as () => ClientDuplexStream<object, ResponseMessage>;
      return new ScriptedClient({ ...who, call: localCall(open.call(client)), serverIdle: serverIdle(variant) });
    },
    connectProcess(variant, who) {
      const call = clientProcess<ResponseMessage>(address, methods[variant]);
      closing.push(() => call.dispose());
      return new ScriptedClient({ ...who, call, serverIdle: serverIdle(variant) });
    },
    stop: () => shutdown.abort(),
    async close() {
      for (const close of closing) close();
      shutdown.abort();
      await server.closed();
    },
  };
}
