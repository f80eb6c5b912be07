import { describe, expect, it } from 'vitest';
import type { Listener } from '../../envoy/generated/envoy/config/listener/v3/Listener.ts';
import { loadProtos } from '../../envoy/protos.ts';
import { serviceOf } from '../endpoints/mesh-fixture.ts';
import { grpcInboundListeners } from './grpc-inbound-listener.ts';
import { buildGrpcListener } from './grpc-listener.ts';
import { bareListenerName, grpcListenerNames } from './grpc-listener-names.ts';

const protos = loadProtos();

function checked(listener: Listener): Listener {
  expect(protos.check('envoy.config.listener.v3.Listener', listener)).toEqual([]);
  return listener;
}

describe('the listener of a client', () => {
  const listener = checked(buildGrpcListener({ name: 'reviews:80', routeConfigName: 'outbound|80||reviews.default.svc.cluster.local' }));

  it('has no socket: an address would make it a server', () => {
    expect(Object.keys(listener)).toEqual(['name', 'api_listener']);
  });

  it('takes its routes over ADS and ends with the router', () => {
    expect(listener.api_listener?.api_listener).toMatchObject({
      rds: { config_source: { ads: {} }, route_config_name: 'outbound|80||reviews.default.svc.cluster.local' },
      http_filters: [{ name: 'envoy.filters.http.fault' }, { name: 'envoy.filters.http.router' }],
    });
  });
});

describe('the listeners of a server', () => {
  it('are named by the socket, IPv6 in brackets, each address once', () => {
    const names = grpcInboundListeners('::1', 7071, false).map((listener) => checked(listener).name);
    expect(names).toEqual(['[::1]', '0.0.0.0', '[::]', '127.0.0.1'].map((host) => `xds.istio.io/grpc/lds/inbound/${host}:7071`));
  });

  it('have the address that the server compares with its own, and routes that forward nothing', () => {
    const [listener] = grpcInboundListeners('10.1.0.1', 7071, false).map(checked);
    expect(listener?.address).toEqual({ socket_address: { address: '10.1.0.1', port_value: 7071 } });
    expect(JSON.stringify(listener)).toContain('"non_forwarding_action":{}');
    expect(listener).not.toHaveProperty('listener_filters');
  });

  it('ask for a certificate of the mesh where TLS is mutual', () => {
    const [chain] = grpcInboundListeners('10.1.0.1', 7071, true).map(checked)[0]?.filter_chains ?? [];
    expect(chain?.transport_socket?.typed_config).toMatchObject({
      require_client_certificate: { value: true },
      common_tls_context: { tls_certificate_provider_instance: { instance_name: 'default' } },
    });
  });
});

describe('names of listeners', () => {
  it('are shortened for Kubernetes services alone', () => {
    expect(grpcListenerNames(serviceOf(), 80)).toEqual([
      'reviews.default.svc.cluster.local:80',
      'reviews.default:80',
      'reviews.default.svc:80',
    ]);
    expect(bareListenerName(serviceOf(), 80)).toBe('reviews:80');
    const external = serviceOf({ hostname: 'api.default.example.com' });
    expect(grpcListenerNames(external, 80)).toEqual(['api.default.example.com:80']);
    expect(bareListenerName(external, 80)).toBeUndefined();
  });
});
