// The official service definition, decoded by another library than the server's: the client must not share its mistakes.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { makeClientConstructor, type ServiceClientConstructor } from '@grpc/grpc-js';
import { loadSync, type ServiceDefinition } from '@grpc/proto-loader';

const deps = join(dirname(createRequire(import.meta.url).resolve('@grpc/grpc-js-xds/package.json')), 'deps');

export function loadAdsClient(): ServiceClientConstructor {
  const definitions = loadSync('envoy/service/discovery/v3/ads.proto', {
    keepCase: true,
    longs: String,
    enums: String,
    defaults: true,
    includeDirs: ['envoy-api', 'xds', 'googleapis', 'protoc-gen-validate'].map((folder) => join(deps, folder)),
  });
  const service = definitions['envoy.service.discovery.v3.AggregatedDiscoveryService'] as ServiceDefinition;
  return makeClientConstructor(service, 'AggregatedDiscoveryService');
}
