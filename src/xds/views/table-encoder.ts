import type { RouteConfiguration } from '../../envoy/generated/envoy/config/route/v3/RouteConfiguration.ts';
import type { VirtualHost } from '../../envoy/generated/envoy/config/route/v3/VirtualHost.ts';
import { typeUrls } from '../../envoy/type-urls.ts';
import { lengthDelimited, lengthOf } from '../../lib/wire-field.ts';
import type { EncodedResource } from './encoded-resource.ts';
import type { ResourceEncoder } from './resource-encoder.ts';

const routeConfiguration = 'envoy.config.route.v3.RouteConfiguration';
const virtualHost = 'envoy.config.route.v3.VirtualHost';
const virtualHostsField = 2;
const anyTypeUrlField = 1;
const anyValueField = 2;

interface EncodedHost {
  readonly bytes: Uint8Array;
  readonly hash: string;
}

/**
 * Encodes route tables out of encoded virtual hosts: a table of a thousand hosts in which one changed costs one encoding and
 * a copy. Virtual hosts are remembered by identity; equal tables have equal bytes however they came about.
 */
export class TableEncoder {
  private readonly encoder: ResourceEncoder;
  private readonly known = new WeakMap<VirtualHost, EncodedHost>();
  private readonly typeUrl = new TextEncoder().encode(typeUrls.RDS);

  constructor(encoder: ResourceEncoder) {
    this.encoder = encoder;
  }

  encode({ virtual_hosts = [], ...fields }: RouteConfiguration): EncodedResource {
    const head = this.encoder.bytesOf(routeConfiguration, fields);
    const hosts = virtual_hosts.map((host) => this.encodeHost(host));
    const valueLength = head.length + hosts.reduce((sum, { bytes }) => sum + lengthOf(virtualHostsField, bytes.length), 0);
    const any = new Uint8Array(lengthOf(anyTypeUrlField, this.typeUrl.length) + lengthOf(anyValueField, valueLength));
    let at = lengthDelimited(any, 0, anyTypeUrlField, this.typeUrl.length);
    any.set(this.typeUrl, at);
    at = lengthDelimited(any, at + this.typeUrl.length, anyValueField, valueLength);
    any.set(head, at);
    at += head.length;
    for (const { bytes } of hosts) {
      at = lengthDelimited(any, at, virtualHostsField, bytes.length);
      any.set(bytes, at);
      at += bytes.length;
    }
    // Of the hashes of its parts: where the parts are equal, and only there, so is the whole.
    const version = this.encoder.hashOf(head, hosts.map(({ hash }) => hash).join());
    return { name: fields.name ?? '', any, version };
  }

  private encodeHost(host: VirtualHost): EncodedHost {
    const known = this.known.get(host);
    if (known !== undefined) return known;
    const bytes = this.encoder.bytesOf(virtualHost, host);
    const encoded = { bytes, hash: this.encoder.hashOf(bytes) };
    this.known.set(host, encoded);
    return encoded;
  }
}
