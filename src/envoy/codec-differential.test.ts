import { createRequire } from 'node:module';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { descriptorJson } from './generated/descriptors.ts';
import { loadProtos } from './protos.ts';
import { type Field, type ScalarType, TypeRegistry } from './type-registry.ts';

interface Definition {
  serialize(message: object): Uint8Array;
  deserialize(bytes: Uint8Array): object;
}

const protos = loadProtos();
const registry = new TypeRegistry(descriptorJson);

/** Small, but between them they hold every kind of field: scalars, wrappers, enums, maps, oneofs, recursion, bytes. */
const names = [
  'google.protobuf.Struct',
  'google.protobuf.DoubleValue',
  'google.protobuf.Int64Value',
  'google.protobuf.UInt64Value',
  'google.protobuf.Int32Value',
  'google.protobuf.BytesValue',
  'envoy.config.core.v3.DataSource',
  'envoy.config.core.v3.Address',
  'envoy.config.core.v3.HeaderValueOption',
  'envoy.config.endpoint.v3.LocalityLbEndpoints',
  'envoy.config.route.v3.RouteMatch',
  'envoy.config.route.v3.RetryPolicy',
  'envoy.config.route.v3.CorsPolicy',
  'envoy.config.cluster.v3.OutlierDetection',
  'envoy.config.cluster.v3.CircuitBreakers',
  'envoy.service.discovery.v3.DeltaDiscoveryRequest',
];

const integers: Partial<Record<ScalarType, fc.Arbitrary<unknown>>> = {
  int32: fc.integer(),
  sint32: fc.integer(),
  sfixed32: fc.integer(),
  uint32: fc.integer({ min: 0, max: 0xffffffff }),
  fixed32: fc.integer({ min: 0, max: 0xffffffff }),
  int64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  sint64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  sfixed64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  uint64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String),
  fixed64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String),
};

function scalar(type: ScalarType): fc.Arbitrary<unknown> {
  if (type === 'string') return fc.string({ unit: 'grapheme' });
  if (type === 'bytes') return fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes));
  if (type === 'bool') return fc.boolean();
  if (type === 'float') return fc.float({ noNaN: true });
  return integers[type] ?? fc.double({ noNaN: true });
}

function single(field: Field, depth: number): fc.Arbitrary<unknown> {
  if (field.kind === 'message') return message(field.messageName, depth + 1);
  return field.enumType ? fc.constantFrom(...field.enumType.byNumber.values()) : scalar(field.scalar ?? 'bytes');
}

function value(field: Field, depth: number): fc.Arbitrary<unknown> {
  if (field.label === 'repeated') return fc.array(single(field, depth), { minLength: 1, maxLength: 3 });
  if (field.label === 'map' && field.mapValue)
    return fc.dictionary(fc.string(), single(field.mapValue, depth), { minKeys: 1, maxKeys: 3, noNullPrototype: true });
  return single(field, depth);
}

/** At most one member of each oneof; google.protobuf.Any stays away, protobufjs writes it differently. */
function message(name: string, depth: number): fc.Arbitrary<object> {
  const fields = registry
    .get(name)
    .fields.filter((field) => field.messageName !== 'google.protobuf.Any' && (depth < 3 || field.kind !== 'message'));
  if (fields.length === 0) return fc.constant({});
  return fc.subarray(fields, { maxLength: Math.min(5, fields.length) }).chain((chosen) => {
    const seen = new Set<string>();
    const apart = chosen.filter((field) => field.oneof === undefined || (!seen.has(field.oneof) && seen.add(field.oneof)));
    return fc.record(Object.fromEntries(apart.map((field) => [field.name, value(field, depth)])));
  });
}

const definitions = loadWithProtoLoader();

it.each(names)('agrees with protobufjs: %s', (name) => {
  const theirs = definitions[name] ?? expect.fail(`protobufjs has no ${name}`);
  fc.assert(
    fc.property(message(name, 0), (plain) => {
      expect(protos.check(name, plain)).toEqual([]);
      const bytes = protos.encode(name, plain);
      const theirBytes = theirs.serialize(plain);
      expect(theirs.deserialize(bytes)).toEqual(theirs.deserialize(protos.encode(name, protos.decode(name, theirBytes))));
      expect(protos.encode(name, protos.decode(name, bytes))).toEqual(bytes);
      expect(protos.decode(name, theirs.serialize(theirs.deserialize(bytes)))).toEqual(protos.decode(name, bytes));
    }),
    { numRuns: 100 },
  );
});

function loadWithProtoLoader(): Readonly<Record<string, Definition>> {
  const require = createRequire(import.meta.url);
  const deps = require.resolve('@grpc/grpc-js-xds').replace(/build\/src\/index\.js$/, 'deps');
  const ours = join(import.meta.dirname, '..', '..', 'proto');
  const loader = require('@grpc/proto-loader') as { loadSync(paths: string[], options: object): Record<string, Definition> };
  return loader.loadSync(
    ['envoy/service/discovery/v3/ads.proto', 'envoy/config/cluster/v3/cluster.proto', 'envoy/config/route/v3/route.proto'],
    {
      keepCase: true,
      longs: String,
      enums: String,
      includeDirs: [ours, ...['envoy-api', 'xds', 'googleapis', 'protoc-gen-validate'].map((dir) => `${deps}/${dir}`)],
    },
  );
}
