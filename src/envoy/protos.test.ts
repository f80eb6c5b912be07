import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { loadProtos } from './protos.ts';

const protos = loadProtos();
const listenerUrl = 'type.googleapis.com/envoy.config.listener.v3.Listener';

const listener = {
  '@type': listenerUrl,
  name: '0.0.0.0_8080',
  address: { socket_address: { address: '0.0.0.0', port_value: 0 } },
  traffic_direction: 'OUTBOUND',
  listener_filters_timeout: { seconds: '0', nanos: 500_000_000 },
  metadata: {
    filter_metadata: {
      'istio.workload': { fields: { weight: { numberValue: 1.5 }, name: { stringValue: 'wörkload' }, none: { nullValue: 'NULL_VALUE' } } },
    },
  },
  filter_chains: [
    {
      filters: [
        {
          name: 'envoy.filters.network.tcp_proxy',
          typed_config: {
            '@type': 'type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy',
            stat_prefix: 'outbound|8080||a.default.svc.cluster.local',
            cluster: 'a',
            max_connect_attempts: { value: 4294967295 },
          },
        },
      ],
      filter_chain_match: {
        prefix_ranges: [{ address_prefix: '10.0.0.0', prefix_len: { value: 8 } }],
        application_protocols: ['h2', 'istio'],
      },
    },
  ],
};

describe('encode and decode', () => {
  it('give back the same message, with nested Any expanded', () => {
    const decoded = protos.decodeAny(protos.encodeAny(listener));
    // fields that hold their zero value are absent where presence is not tracked
    expect(decoded).toEqual({ ...listener, listener_filters_timeout: { nanos: 500_000_000 } });
  });

  it('write what protobufjs reads', () => {
    const root = protobufjsRoot();
    const type = root.lookupType('envoy.config.listener.v3.Listener');
    const { '@type': _, ...plain } = listener;
    const read = type.toObject(type.decode(protos.encode(type.fullName.slice(1), plain)), { enums: String, longs: String, json: true });
    expect(read).toEqual({
      ...plain,
      listener_filters_timeout: { nanos: 500_000_000 },
    });
  });

  it('read what protobufjs writes', () => {
    const type = protobufjsRoot().lookupType('envoy.config.listener.v3.Listener');
    const { '@type': _, ...plain } = listener;
    const bytes = type.encode(type.fromObject(plain)).finish();
    expect(protos.decode(type.fullName.slice(1), bytes)).toMatchObject({ ...plain, listener_filters_timeout: { nanos: 500_000_000 } });
  });

  it('do not depend on the order of keys', () => {
    const reversed = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(reversed)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .reverse()
                .map(([key, item]) => [key, reversed(item)]),
            )
          : value;
    expect(protos.encodeAny(reversed(listener) as typeof listener)).toEqual(protos.encodeAny(listener));
  });

  it('keep unknown types as TypedStruct', () => {
    const bytes = protos.encodeAny({ '@type': 'type.googleapis.com/acme.Filter', size: 1 } as { '@type': string });
    expect(protos.decodeAny(bytes)).toEqual({
      '@type': 'type.googleapis.com/xds.type.v3.TypedStruct',
      type_url: 'type.googleapis.com/acme.Filter',
      value: { fields: { size: { numberValue: 1 } } },
    });
  });

  it('keep an Any of an unknown type as it came', () => {
    const raw = { type_url: 'type.googleapis.com/acme.Filter', value: Buffer.from([1, 2, 3]) };
    const bytes = protos.encode('google.protobuf.Any', raw);
    expect(protos.decodeAny(bytes)).toEqual(raw);
    expect(protos.encode('google.protobuf.Any', protos.decodeAny(bytes))).toEqual(bytes);
  });

  it('carry all kinds of numbers', () => {
    for (const value of ['0', '1', '127', '128', '4294967296', '9007199254740993', '18446744073709551615']) {
      const decoded = protos.decode('google.protobuf.UInt64Value', protos.encode('google.protobuf.UInt64Value', { value }));
      expect(decoded['value'] ?? '0').toBe(value);
    }
    for (const value of ['-1', '-9223372036854775808', '9223372036854775807'])
      expect(protos.decode('google.protobuf.Int64Value', protos.encode('google.protobuf.Int64Value', { value }))).toEqual({ value });
    expect(protos.decode('google.protobuf.Int32Value', protos.encode('google.protobuf.Int32Value', { value: -2147483648 }))).toEqual({
      value: -2147483648,
    });
    expect(protos.decode('google.protobuf.DoubleValue', protos.encode('google.protobuf.DoubleValue', { value: -0.1 }))).toEqual({
      value: -0.1,
    });
    const text = 'ü'.repeat(40_000);
    expect(protos.decode('google.protobuf.StringValue', protos.encode('google.protobuf.StringValue', { value: text }))).toEqual({
      value: text,
    });
  });

  it('throw on what does not fit, and name the place', () => {
    const bad = { ...listener, filter_chains: [{ filters: [{ name: 'x', typed_confg: {} }] }] };
    expect(() => protos.encodeAny(bad)).toThrow(
      'filter_chains[0].filters[0].typed_confg: envoy.config.listener.v3.Filter has no such field',
    );
    expect(() => protos.encode('google.protobuf.UInt32Value', { value: 2 ** 32 })).toThrow('value: 4294967296 is not of type uint32');
    expect(() => protos.encode('google.protobuf.UInt32Value', { value: 'x' })).toThrow('value: "x" is not of type uint32');
    // the encoder works on after a throw
    expect(protos.encode('google.protobuf.UInt32Value', { value: 1 })).toEqual(Uint8Array.of(8, 1));
  });

  it('refuse bytes that are no message', () => {
    const bytes = protos.encodeAny(listener);
    for (let size = 1; size < bytes.length; size += 7) expect(() => protos.decodeAny(bytes.subarray(0, size))).toThrow();
    expect(() => protos.decode('google.protobuf.StringValue', Uint8Array.of(10, 1, 0xff))).toThrow(TypeError);
    let deep = Uint8Array.of();
    for (let i = 0; i < 300; i++) deep = wrapList(deep);
    expect(() => protos.decode('google.protobuf.ListValue', deep)).toThrow('nested more than 100 deep');
  });
});

describe('check', () => {
  it('finds every problem with its path', () => {
    const problems = protos.check({
      ...listener,
      nme: 1,
      traffic_direction: 'SIDEWAYS',
      address: { socket_address: { port_value: 'x' }, pipe: { path: '/x' } },
      filter_chains: [
        {
          filters: [{ typed_config: { '@type': 'type.googleapis.com/acme.Filter' } }],
          filter_chain_match: { application_protocols: 'h2' },
        },
      ],
      metadata: { filter_metadata: { istio: { fields: { a: { stringvalue: 'x' } } } } },
    } as { '@type': string });
    expect(problems.sort()).toEqual([
      'address.pipe: socket_address of the same oneof address is set too',
      'address.socket_address.port_value: "x" is not of type uint32',
      'filter_chains[0].filter_chain_match.application_protocols: "h2" is not a list',
      'filter_chains[0].filters[0].typed_config: unknown @type "type.googleapis.com/acme.Filter"',
      'metadata.filter_metadata["istio"].fields["a"].stringvalue: google.protobuf.Value has no such field',
      'nme: envoy.config.listener.v3.Listener has no such field',
      'traffic_direction: "SIDEWAYS" is not a envoy.config.core.v3.TrafficDirection',
    ]);
    expect(protos.check(listener)).toEqual([]);
  });
});

describe('what is loaded', () => {
  it.each([
    'istio.networking.nds.v1.NameTable',
    'istio.mcp.v1alpha1.Resource',
    'stats.PluginConfig',
    'istio.envoy.config.filter.http.alpn.v2alpha1.FilterConfig',
    'envoy.tcp.metadataexchange.config.MetadataExchange',
    'io.istio.http.peer_metadata.Config',
    'envoy.extensions.access_loggers.stats.v3.Config',
    'envoy.extensions.load_balancing_policies.override_host.v3.OverrideHost',
    'envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication',
    'envoy.extensions.wasm.v3.PluginConfig',
    'envoy.admin.v3.ConfigDump',
  ])('%s', (name) => {
    expect(protos.has(`type.googleapis.com/${name}`)).toBe(true);
  });

  it('offers services to grpc-js', () => {
    const { CreateCertificate } = protos.service('istio.v1.auth.IstioCertificateService');
    expect(CreateCertificate).toMatchObject({ path: '/istio.v1.auth.IstioCertificateService/CreateCertificate', requestStream: false });
    const request = { csr: 'pem', validity_duration: '3600' };
    expect(CreateCertificate?.requestDeserialize(CreateCertificate.requestSerialize(request))).toEqual(request);
    expect(protos.service('envoy.service.discovery.v3.AggregatedDiscoveryService')['DeltaAggregatedResources']).toMatchObject({
      requestStream: true,
      responseStream: true,
    });
  });
});

/** A ListValue with one element, a list that holds `inner`. */
function wrapList(inner: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const nested = Uint8Array.from(lengthPrefixed(0x32, inner));
  return Uint8Array.from(lengthPrefixed(0x0a, nested));
}

function lengthPrefixed(tag: number, body: Uint8Array): number[] {
  const size = body.length < 128 ? [body.length] : [(body.length & 0x7f) | 0x80, body.length >> 7];
  return [tag, ...size, ...body];
}

interface ProtobufType {
  readonly fullName: string;
  encode(message: object): { finish(): Uint8Array };
  decode(bytes: Uint8Array): object;
  fromObject(message: object): object;
  toObject(message: object, options: object): object;
}

/** protobufjs, which proto-loader brings, as the second opinion. */
function protobufjsRoot(): { lookupType(name: string): ProtobufType } {
  const require = createRequire(import.meta.url);
  require('@grpc/proto-loader');
  const { Root } = createRequire(require.resolve('@grpc/proto-loader'))('protobufjs') as { Root: new () => RootLike };
  const root = new Root();
  const base = require.resolve('@grpc/grpc-js-xds').replace(/build\/src\/index\.js$/, 'deps');
  root.resolvePath = (_origin, path) => `${base}/${directoryOf(path)}/${path}`;
  root.loadSync(['envoy/config/listener/v3/listener.proto', 'envoy/extensions/filters/network/tcp_proxy/v3/tcp_proxy.proto'], {
    keepCase: true,
  });
  return root;
}

interface RootLike {
  resolvePath: (origin: string, path: string) => string;
  loadSync(paths: string[], options: object): void;
  lookupType(name: string): ProtobufType;
}

function directoryOf(path: string): string {
  if (path.startsWith('envoy/')) return 'envoy-api';
  if (path.startsWith('validate/')) return 'protoc-gen-validate';
  return path.startsWith('google/') ? 'googleapis' : 'xds';
}
