// Bytes in flight are limited for the process, and nobody waits for a client that does not read.
import { describe, expect, it } from 'vitest';
import { loadProtos } from '../../src/envoy/protos.ts';
import { protocolTest } from './protocol-test.ts';
import { clusterRequest, rawStream } from './raw-stream.ts';

const protos = loadProtos();
const large = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`cluster-${i}`, 'x'.repeat(50_000)]));

describe.each(['sotw', 'delta'] as const)('bytes in flight (%s)', (variant) => {
  it('are limited, however many clients are configured at once', async () => {
    const { source, server, connect } = await protocolTest({ maxBytesInFlight: 300_000, maxMessageBytes: 100_000 });
    source.change({ CDS: large });
    let most = 0;
    const clients = Array.from({ length: 8 }, () => connect(variant));
    const complete = clients.map((client) => {
      const names = new Set<string>();
      client.acknowledge({}, (response) => {
        // on a busy machine a client may be late enough to count as one that does not read
        const { bytesInFlight, stalledBytes } = server.sending();
        most = Math.max(most, bytesInFlight - stalledBytes);
        for (const name of response.names) names.add(name);
      });
      client.send('CDS');
      return client.until(() => (names.size === 40 ? true : undefined), 'all clusters');
    });
    await Promise.all(complete);
    // one whole set of state of the world is larger than the budget, and cannot be cut
    expect(most).toBeLessThanOrEqual(variant === 'sotw' ? 2_100_000 : 300_000);
    await server.idle();
    expect(server.sending()).toEqual({ bytesInFlight: 0, stalledBytes: 0, streamsWaiting: 0 });
  });

  it('are not held by clients that do not read', async () => {
    const { address, source, server, connect } = await protocolTest({ maxBytesInFlight: 300_000 });
    source.change({ CDS: { a: 'x'.repeat(1_000_000) }, EDS: { e: '1' } });
    const stalled = Array.from({ length: 3 }, () => rawStream(address, variant));
    for (const [i, client] of stalled.entries()) client.sendBytes(clusterRequest(protos, variant, { nodeId: `sidecar~stalled-${i}` }));
    const client = connect(variant);
    client.send('CDS');
    expect((await client.expect('CDS')).names).toEqual(['a']);
    client.send('EDS', variant === 'sotw' ? { names: ['e'] } : { sub: ['e'] });
    expect((await client.expect('EDS')).names).toEqual(['e']);
    for (const each of stalled) each.destroy();
    while (server.connections().length > 1) await new Promise<void>((resolve) => setImmediate(resolve));
    await server.idle();
    expect(server.sending().bytesInFlight).toBe(0);
  });
});
