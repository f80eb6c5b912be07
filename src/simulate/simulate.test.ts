import { describe, expect, it } from 'vitest';
import type { Listener } from '../envoy/generated/envoy/config/listener/v3/Listener.ts';
import type { SimulatedRequest } from './request.ts';
import type { ServedResources } from './resources.ts';
import { createSimulator } from './simulate.ts';
import { possibleOutcomes } from './simulation.ts';

const nothing: ServedResources = { listeners: new Map(), routes: new Map(), clusters: new Map(), endpoints: new Map() };

function served(...listeners: readonly Listener[]): ServedResources {
  return { ...nothing, listeners: new Map(listeners.map((listener) => [listener.name ?? '', listener])) };
}

function request(more: Partial<SimulatedRequest> = {}): SimulatedRequest {
  return { direction: 'direct', destination: { address: '10.0.0.1', port: 80 }, protocol: 'http', ...more };
}

describe('createSimulator', () => {
  it('says when nobody listens, and who listens elsewhere', () => {
    const other = { name: 'other', address: { socket_address: { address: '10.0.0.2', port_value: 80 } } };
    const [only] = possibleOutcomes(createSimulator(served(other))(request()));
    expect(only).toMatchObject({ probability: 1, outcome: { kind: 'closed', because: 'no listener' } });
    expect(only?.steps[0]?.losers).toMatchObject([{ name: 'other', reason: expect.stringContaining('10.0.0.2:80') }]);
  });
});
