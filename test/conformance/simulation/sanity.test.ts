import { expect, it } from 'vitest';
import type { Listener } from '../../../src/envoy/generated/envoy/config/listener/v3/Listener.ts';
import { insanities } from './sanity.ts';

it('names what Envoy would refuse', () => {
  const named = (name: string) => ({ name, filter_chain_match: { server_names: ['a.com'] } });
  const listener = (chains: Listener['filter_chains']): Listener => ({
    name: 'l',
    address: { socket_address: { address: '0.0.0.0', port_value: 80 } },
    filter_chains: chains ?? [],
  });
  const listeners = [listener([named('a'), named('b')]), listener([])];
  const clusters = [{ name: 'c', transport_socket: {}, transport_socket_matches: [{}] }];
  expect(insanities({ listeners, clusters, routes: new Map([['80', { name: '80' }]]), misfits: [], problems: [] })).toEqual([
    'listener l is there twice',
    'address 0.0.0.0:80 is there twice',
    'listener l: match {"server_names":["a.com"]} is there twice',
    'listener l: chain a needs an inspector',
    'listener l: chain b needs an inspector',
    'cluster c has both transport_socket and transport_socket_matches',
    'routes 80: no limit of 1 MiB for direct responses',
  ]);
});
