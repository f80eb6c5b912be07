import { describe, expect, it } from 'vitest';
import type { Listener } from '../../envoy/generated/envoy/config/listener/v3/Listener.ts';
import { loadProtos } from '../../envoy/protos.ts';
import { sidecarScope } from '../routes/route-fixtures.ts';
import { buildHttpProxyListener } from './http-proxy-listener.ts';
import { describeChain, outboundContext, settingsWith } from './listener-fixtures.ts';
import type { OutboundWorld } from './outbound-entry.ts';
import { buildVirtualOutbound } from './virtual-outbound.ts';

const protos = loadProtos();

function contextOf(more: Partial<OutboundWorld['context']> = {}): OutboundWorld['context'] {
  return { ...outboundContext(more.settings), ...more };
}

function checked(listener: Listener | undefined): Listener | undefined {
  if (listener !== undefined) expect(protos.check('envoy.config.listener.v3.Listener', listener)).toEqual([]);
  return listener;
}

const virtualOutbound = (more: Partial<OutboundWorld['context']> = {}) => checked(buildVirtualOutbound({ context: contextOf(more) }));
const scopeWith = (interception: 'TPROXY' | 'NONE') => ({ ...sidecarScope, features: { ...sidecarScope.features, interception } });
const chains = (more: Partial<OutboundWorld['context']> = {}) => (virtualOutbound(more)?.filter_chains ?? []).map(describeChain);
const blackHole = 'virtualOutbound-blackhole: port 15001 -> BlackHoleCluster';

describe('virtualOutbound', () => {
  it('hands connections to the listener of their destination', () => {
    const { filter_chains: _, ...rest } = virtualOutbound() ?? {};
    expect(rest).toEqual({
      name: 'virtualOutbound',
      address: { socket_address: { address: '0.0.0.0', port_value: 15001 } },
      use_original_dst: { value: true },
      traffic_direction: 'OUTBOUND',
      max_connections_to_accept_per_socket_event: { value: 1 },
    });
    expect(virtualOutbound({ scope: scopeWith('TPROXY') })).toMatchObject({ transparent: { value: true } });
    expect(virtualOutbound({ scope: scopeWith('NONE') })).toBeUndefined();
  });

  it.each([
    ['ALLOW_ANY', [blackHole, 'virtualOutbound-catchall-tcp: any -> PassthroughCluster']],
    ['REGISTRY_ONLY', [blackHole, 'virtualOutbound-catchall-tcp: any -> BlackHoleCluster']],
    [
      'ALLOW_ANY_DYNAMIC_DNS',
      [
        blackHole,
        'virtualOutbound-catchall-tcp-http: http/1.1 h2c -> http inline allow_any_dynamic_dns',
        'virtualOutbound-catchall-tcp: any -> PassthroughCluster',
      ],
    ],
  ] as const)('%s', (mode, expected) => {
    expect(chains({ outboundPolicy: { mode } })).toEqual(expected);
  });

  it('sniffs only where it resolves hosts itself', () => {
    expect(virtualOutbound()).not.toHaveProperty('listener_filters');
    const resolving = virtualOutbound({ outboundPolicy: { mode: 'ALLOW_ANY_DYNAMIC_DNS' } });
    expect(resolving?.listener_filters?.map(({ name }) => name)).toEqual(['envoy.filters.listener.http_inspector']);
  });

  it('logs what it passes on, and not what it ends', () => {
    const listener = virtualOutbound({ settings: settingsWith({ accessLogFile: '/dev/stdout' }) });
    const [ended, passed] = (listener?.filter_chains ?? []).map(({ filters }) => filters?.at(-1)?.typed_config);
    expect(ended).not.toHaveProperty('access_log');
    expect(passed).toMatchObject({ access_log: [{ name: 'envoy.access_loggers.file' }] });
    expect(listener?.access_log).toMatchObject([{ filter: { response_flag_filter: { flags: ['NR'] } } }]);
    const silent = settingsWith({ accessLogFile: '/dev/stdout', disableEnvoyListenerLog: true });
    expect(virtualOutbound({ settings: silent })).not.toHaveProperty('access_log');
  });
});

describe('the HTTP proxy', () => {
  it('is there where somebody asks for it', () => {
    expect(buildHttpProxyListener({ context: contextOf(), port: undefined })).toBeUndefined();
    const listener = checked(buildHttpProxyListener({ context: contextOf(), port: 15007 }));
    expect(listener).toMatchObject({ name: '127.0.0.1_15007', address: { socket_address: { address: '127.0.0.1', port_value: 15007 } } });
    expect(listener?.filter_chains?.map(describeChain)).toEqual(['any -> http http_proxy']);
    expect(listener?.filter_chains?.[0]?.filters?.[0]?.typed_config).toMatchObject({
      http_protocol_options: { allow_absolute_url: { value: true } },
    });
    expect(listener).not.toHaveProperty('default_filter_chain');
  });
});
