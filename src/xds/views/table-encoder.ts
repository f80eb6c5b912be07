import type { RouteConfiguration } from '../../envoy/generated/envoy/config/route/v3/RouteConfiguration.ts';
import { typeUrls } from '../../envoy/type-urls.ts';
import type { EncodedResource } from './encoded-resource.ts';
import type { ResourceEncoder } from './resource-encoder.ts';

/** Encodes route tables. */
export class TableEncoder {
  private readonly encoder: ResourceEncoder;

  constructor(encoder: ResourceEncoder) {
    this.encoder = encoder;
  }

  encode(table: RouteConfiguration): EncodedResource {
    return this.encoder.encode(typeUrls.RDS, table.name ?? '', table);
  }
}
