import { expect, it } from 'vitest';
import type { Listener } from '../../envoy/generated/envoy/config/listener/v3/Listener.ts';
import { typedConfig } from '../clusters/typed-config.ts';
import { listenerFault } from './resource-faults.ts';

const chain = {
  name: 'a',
  filters: [{ name: 'tcp', typed_config: typedConfig('envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy', {}) }],
};

it('chains share a name, as those of virtualInbound do, unless a matcher chooses by it', () => {
  const listener: Listener = { filter_chains: [chain, chain] };
  expect(listenerFault(listener)).toBeUndefined();
  expect(listenerFault({ ...listener, filter_chain_matcher: {} })).toBe('two filter chains are named a');
});
