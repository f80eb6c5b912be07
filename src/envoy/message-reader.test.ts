import { describe, expect, it } from 'vitest';
import { loadProtos } from './protos.ts';

const protos = loadProtos();
const cluster = 'envoy.config.cluster.v3.Cluster';
const url = (name: string) => `type.googleapis.com/${name}`;
const struct = 'google.protobuf.Struct';

function read(type: string, json: unknown, keepUnknown = false) {
  const { message, problems } = protos.readJson(type, json, keepUnknown);
  return { message, problems: problems.map(({ path, message: text, kind }) => `${kind} ${path.join('.')}: ${text}`) };
}

describe('messages that users wrote as JSON', () => {
  it('have names in both spellings, enums by name and number, durations, wrappers, bytes and 64 bits', () => {
    const { message, problems } = read(cluster, {
      name: 'c',
      connectTimeout: '1.5s',
      lb_policy: 3,
      dnsLookupFamily: 'V4_ONLY',
      per_connection_buffer_limit_bytes: '4096',
      ignoreHealthOnHostRemoval: false,
      common_lb_config: { healthy_panic_threshold: { value: 12.5 } },
      upstream_bind_config: { source_address: { address: '10.0.0.1', port_value: 0 } },
      alt_stat_name: null,
    });
    expect(problems).toEqual([]);
    expect(message).toEqual({
      name: 'c',
      connect_timeout: { seconds: '1', nanos: 500_000_000 },
      lb_policy: 'RANDOM',
      dns_lookup_family: 'V4_ONLY',
      per_connection_buffer_limit_bytes: { value: 4096 },
      common_lb_config: { healthy_panic_threshold: { value: 12.5 } },
      // of a oneof: zero is stated, and kept
      upstream_bind_config: { source_address: { address: '10.0.0.1', port_value: 0 } },
    });
  });

  it.each([
    [{ name: 7 }, 'invalid name: must be text'],
    [{ connect_timeout: '1 s' }, 'invalid connect_timeout: must be a duration such as 1.5s'],
    [{ per_connection_buffer_limit_bytes: -1 }, 'invalid per_connection_buffer_limit_bytes: must be from 0 to 4294967295'],
    [{ per_connection_buffer_limit_bytes: 1.5 }, 'invalid per_connection_buffer_limit_bytes: must be a whole number'],
    [{ filters: {} }, 'invalid filters: must be a list'],
    [{ filters: ['x'] }, 'invalid filters.0: must be an object (envoy.config.cluster.v3.Filter)'],
    [{ metadata: { filter_metadata: [] } }, 'invalid metadata.filter_metadata: must be a map'],
    [{ lb_policy: 1e300 }, 'invalid lb_policy: must be a whole number'],
    [{ lb_policy: 2 ** 31 }, 'invalid lb_policy: must be from -2147483648 to 2147483647'],
    [
      { transport_socket: { typed_config: { '@type': url('google.protobuf.Any'), value: {} } } },
      'invalid transport_socket.typed_config: holds another Any, which Envoy does not look into',
    ],
    [{ lb_policy: true }, 'invalid lb_policy: must be a value of envoy.config.cluster.v3.Cluster.LbPolicy'],
    [{ type: 'EDS', cluster_type: {} }, 'invalid cluster_type: cannot stand beside type'],
    [{ connect_timeout: '1s', connectTimeout: '1s' }, 'invalid connectTimeout: is stated twice'],
    [{ transport_socket: { typed_config: { sni: 'a' } } }, 'invalid transport_socket.typed_config: lacks @type'],
    [{ conect_timeout: '1s' }, 'unknown conect_timeout: is no field of envoy.config.cluster.v3.Cluster'],
    [{ lb_policy: 'NEWEST' }, 'unknown lb_policy: "NEWEST" is no value of envoy.config.cluster.v3.Cluster.LbPolicy'],
  ])('%j: %s', (json, expected) => {
    expect(read(cluster, json).problems).toEqual([expected]);
  });

  it('hold well-known types inside of others as what they stand for', () => {
    const json = { filter_metadata: { istio: { a: [1, null, { b: true }] } } };
    const { message } = read('envoy.config.core.v3.Metadata', json);
    expect(protos.toJson({ '@type': url('envoy.config.core.v3.Metadata'), ...message })).toEqual({
      '@type': url('envoy.config.core.v3.Metadata'),
      filterMetadata: json.filter_metadata,
    });
    expect(read('google.protobuf.Any', { '@type': url(struct), value: { a: 'b' } }).message).toEqual({
      '@type': url(struct),
      fields: { a: { stringValue: 'b' } },
    });
  });

  it('go out as TypedStruct where their type is not known, or something in them', () => {
    const config = { '@type': url('envoy.extensions.filters.http.brand_new.v3.New'), a: { b: 1 } };
    const { message, problems } = read('google.protobuf.Any', config);
    expect(message).toMatchObject({ '@type': url('xds.type.v3.TypedStruct'), type_url: config['@type'] });
    expect(problems).toEqual([
      'unknown @type: envoy.extensions.filters.http.brand_new.v3.New is not known here; it goes to Envoy as it is',
    ]);
    const newer = { '@type': url('envoy.extensions.filters.http.buffer.v3.Buffer'), max_request_bytes: 5, newest: true };
    expect(read('google.protobuf.Any', newer).message).toEqual({ '@type': newer['@type'], max_request_bytes: { value: 5 } });
    const kept = read('google.protobuf.Any', newer, true).message;
    expect(protos.toJson(kept as { '@type': string })).toEqual({
      '@type': url('xds.type.v3.TypedStruct'),
      typeUrl: newer['@type'],
      value: { max_request_bytes: 5, newest: true },
    });
  });

  it('are looked into where a TypedStruct holds a type that is known', () => {
    const value = { max_request_bytes: 'many' };
    const json = { '@type': url('udpa.type.v1.TypedStruct'), type_url: url('envoy.extensions.filters.http.buffer.v3.Buffer'), value };
    expect(read('google.protobuf.Any', json).problems).toEqual(['invalid value.max_request_bytes: must be a whole number']);
  });

  it('are no deeper than messages may be', () => {
    let json: object = {};
    for (let i = 0; i < 200; i++) json = { and_filter: { filters: [json] } };
    expect(read('envoy.config.accesslog.v3.AccessLogFilter', json).problems).toEqual([
      expect.stringContaining('is nested more than 100 deep'),
    ]);
  });

  it.each([struct, 'udpa.type.v1.TypedStruct', 'not.known.Here'])('are no deeper than that in what %s holds either', (type) => {
    const nested = (levels: number): object => (levels === 0 ? {} : { in: nested(levels - 1) });
    const problems = (levels: number) => read('google.protobuf.Any', { '@type': url(type), value: nested(levels) }).problems;
    expect(problems(25).filter((problem) => problem.startsWith('invalid'))).toEqual([]);
    expect(problems(35)).toContainEqual(expect.stringContaining('is nested more than 100 deep'));
    expect(problems(5_000)).toContainEqual(expect.stringContaining('is nested more than 100 deep'));
  });

  it('stay the TypedStruct that they are where it holds something unknown', () => {
    const json = {
      '@type': url('udpa.type.v1.TypedStruct'),
      type_url: url('envoy.extensions.filters.http.buffer.v3.Buffer'),
      value: { a: 1 },
    };
    expect(read('google.protobuf.Any', json, true)).toEqual({
      message: { '@type': json['@type'], type_url: json.type_url, value: { fields: { a: { numberValue: 1 } } } },
      problems: [expect.stringContaining('unknown value.a: is no field of')],
    });
  });

  it('encode to what was meant', () => {
    const { message } = read(cluster, { name: 'c', connect_timeout: '-0.5s', lb_policy: 'MAGLEV' });
    expect(protos.decode(cluster, protos.encode(cluster, message))).toEqual({
      name: 'c',
      connect_timeout: { nanos: -500_000_000 },
      lb_policy: 'MAGLEV',
    });
  });
});
