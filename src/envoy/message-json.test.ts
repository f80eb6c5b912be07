import { describe, expect, it } from 'vitest';
import { loadProtos } from './protos.ts';

const protos = loadProtos();
const url = (name: string) => `type.googleapis.com/${name}`;

/** Over the wire and back first: what is dumped is always a decoded message. */
function json(name: string, message: object): unknown {
  return protos.toJson({ ...protos.decodeAny(protos.encodeAny({ '@type': url(name), ...message })), '@type': url(name) });
}

describe('JSON of messages', () => {
  it('writes names in lowerCamelCase and durations, wrappers, enums and 64-bit integers as protojson does', () => {
    const cluster = {
      name: 'outbound|80||a',
      type: 'EDS',
      connect_timeout: { seconds: 10 },
      per_connection_buffer_limit_bytes: { value: 32768 },
      circuit_breakers: { thresholds: [{ max_connections: { value: 4294967295 }, track_remaining: true }] },
      outlier_detection: { consecutive_5xx: { value: 0 }, interval: { seconds: 0, nanos: 1_500_000 } },
    };
    expect(json('envoy.config.cluster.v3.Cluster', cluster)).toEqual({
      '@type': url('envoy.config.cluster.v3.Cluster'),
      name: 'outbound|80||a',
      type: 'EDS',
      connectTimeout: '10s',
      perConnectionBufferLimitBytes: 32768,
      circuitBreakers: { thresholds: [{ maxConnections: 4294967295, trackRemaining: true }] },
      outlierDetection: { consecutive5xx: 0, interval: '0.001500s' },
    });
    const health = { health_checks: [{ timeout: { seconds: -1, nanos: -500_000_000 }, interval: { seconds: '315576000000' } }] };
    expect(json('envoy.config.cluster.v3.Cluster', health)).toMatchObject({
      healthChecks: [{ timeout: '-1.500s', interval: '315576000000s' }],
    });
  });

  it('keeps an Any readable, nested and of a type that is not loaded', () => {
    const filter = {
      name: 'envoy.filters.http.router',
      typed_config: { '@type': url('envoy.extensions.filters.http.router.v3.Router'), start_child_span: true },
    };
    expect(json('envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter', filter)).toMatchObject({
      typedConfig: { '@type': url('envoy.extensions.filters.http.router.v3.Router'), startChildSpan: true },
    });
    const unknown = { name: 'x', typed_config: { type_url: 'type.googleapis.com/no.Such', value: Buffer.from('hi') } };
    expect(json('envoy.config.core.v3.TypedExtensionConfig', unknown)).toMatchObject({
      typedConfig: { '@type': 'type.googleapis.com/no.Such', value: 'aGk=' },
    });
    const wellKnown = { name: 'x', typed_config: { '@type': url('google.protobuf.Duration'), seconds: 3 } };
    expect(json('envoy.config.core.v3.TypedExtensionConfig', wellKnown)).toMatchObject({
      typedConfig: { '@type': url('google.protobuf.Duration'), value: '3s' },
    });
  });

  it('shows a Struct as what it stands for', () => {
    const metadata = {
      filter_metadata: { istio: { fields: { a: { numberValue: 1 }, b: { nullValue: 'NULL_VALUE' }, c: { listValue: {} } } } },
    };
    expect(json('envoy.config.core.v3.Metadata', metadata)).toMatchObject({ filterMetadata: { istio: { a: 1, b: null, c: [] } } });
  });

  it('writes bytes as base64, single precision short, and times as RFC 3339', () => {
    expect(json('envoy.config.core.v3.DataSource', { inline_bytes: Buffer.from([255, 0]) })).toMatchObject({ inlineBytes: '/wA=' });
    expect(json('google.protobuf.FloatValue', { value: Math.fround(0.1) })).toMatchObject({ value: 0.1 });
    expect(json('google.protobuf.UInt64Value', { value: '18446744073709551615' })).toMatchObject({ value: '18446744073709551615' });
    expect(json('google.protobuf.DoubleValue', { value: 'NaN' })).toMatchObject({ value: 'NaN' });
    expect(json('google.protobuf.BoolValue', {})).toMatchObject({ value: false });
    const dump = { version_info: '1', last_updated: { seconds: '1700000000', nanos: 5_000_000 } };
    expect(json('envoy.admin.v3.ClustersConfigDump.DynamicCluster', dump)).toMatchObject({ lastUpdated: '2023-11-14T22:13:20.005Z' });
  });
});
