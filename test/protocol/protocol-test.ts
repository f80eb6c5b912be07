// A discovery server over a memory source, and clients for it: what every protocol case starts with.
import { onTestFinished } from 'vitest';
import type { DiscoverySettings } from '../../src/discovery/discovery-settings.ts';
import { type Clock, systemClock } from '../../src/lib/clock.ts';
import { MemorySource } from './memory-source.ts';
import type { ScriptedClient } from './scripted-client.ts';
import { type ServedClients, serveClients, type Variant } from './served-clients.ts';

export interface ProtocolTest extends Pick<ServedClients, 'server' | 'metrics' | 'nacks' | 'address' | 'stop'> {
  readonly source: MemorySource;
  readonly connect: (variant: Variant, nodeId?: string) => ScriptedClient;
  /** As `connect`, out of a process of its own. */
  readonly connectProcess: (variant: Variant) => ScriptedClient;
}

/** Starts a server on loopback that ends with the test. */
export async function protocolTest(settings: Partial<DiscoverySettings> = {}, clock: Clock = systemClock): Promise<ProtocolTest> {
  const source = new MemorySource();
  const served = await serveClients(source, settings, clock);
  onTestFinished(() => served.close());
  let opened = 0;
  const nextNode = () => `sidecar~10.0.0.${++opened}~web-${opened}.default~default.svc.cluster.local`;
  return {
    ...served,
    source,
    connect: (variant, nodeId = nextNode()) => served.connect(variant, { nodeId }),
    connectProcess: (variant) => served.connectProcess(variant, { nodeId: nextNode() }),
  };
}
