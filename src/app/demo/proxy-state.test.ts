import { describe, expect, it } from 'vitest';
import type { ConnectionStatus, WatchStatus } from '../../discovery/connection-status.ts';
import { cast } from './cast.ts';
import { proxyStates } from './proxy-state.ts';

const watch = (type: string, over: Partial<WatchStatus> = {}): WatchStatus => ({
  typeUrl: `type.googleapis.com/envoy.config.${type}`,
  sentNonce: '',
  sentVersion: '',
  ackedNonce: '',
  ackedVersion: '',
  lastError: '',
  isWildcard: true,
  names: 0,
  viewKey: '',
  isDue: false,
  isSynced: true,
  ...over,
});

const cds = watch('cluster.v3.Cluster');
const lds = (over: Partial<WatchStatus> = {}) => watch('listener.v3.Listener', over);

function frontendState(watches: readonly WatchStatus[] | undefined, running = true) {
  const connection: ConnectionStatus = {
    id: '1',
    nodeId: 'sidecar~127.0.1.20~frontend.demo~demo.svc.cluster.local',
    variant: 'delta',
    peer: '',
    connectedAt: 0,
    requestsReceived: 0,
    responsesSent: 0,
    watches: watches ?? [],
  };
  const states = proxyStates(watches ? [connection] : [], new Set(running ? ['frontend'] : []));
  return states.find(({ name }) => name === 'frontend');
}

describe('proxyStates', () => {
  it('lists the whole cast, starting', () => {
    expect(proxyStates([], new Set()).map(({ name, state }) => [name, state])).toEqual(cast.map(({ name }) => [name, 'starting']));
  });

  it.each([
    [undefined, 'connecting', ''],
    [[], 'connecting', ''],
    [[cds, lds()], 'in sync', 'CDS LDS'],
    [[cds, lds({ isSynced: false })], 'waiting', 'LDS'],
    [[cds, lds({ isSynced: false, lastError: 'bad listener\nmore' })], 'refused', 'LDS: bad listener'],
  ])('tells how far a proxy is: %#', (watches, state, detail) => {
    expect(frontendState(watches)).toEqual({ name: 'frontend', address: '127.0.1.20:9080', state, detail });
  });
});
