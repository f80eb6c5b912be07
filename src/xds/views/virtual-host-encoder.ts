import type { RouteConfiguration } from '../../envoy/generated/envoy/config/route/v3/RouteConfiguration.ts';
import type { VirtualHost } from '../../envoy/generated/envoy/config/route/v3/VirtualHost.ts';
import { typeUrls } from '../../envoy/type-urls.ts';
import { virtualHostResource } from '../../model/virtual-host-resource.ts';
import { parseRouteName } from '../routes/route-name.ts';
import type { EncodedResource } from './encoded-resource.ts';
import type { ResourceEncoder } from './resource-encoder.ts';

/** Envoy takes virtual hosts from the stream that it has; it opens no other one for them. */
const vhds = { config_source: { ads: {}, resource_api_version: 'V3' } } as const satisfies RouteConfiguration['vhds'];

/**
 * Takes route tables apart for Envoys that are sent virtual hosts one by one (VHDS). A host's resource is named
 * `<table>/<virtual host>`: Envoy finds the table by what stands before the last slash, and removes by `VirtualHost.name`, so
 * that both are the same.
 */
export class VirtualHostEncoder {
  private readonly encoder: ResourceEncoder;
  /** By virtual host and name of the table. */
  private readonly known = new WeakMap<VirtualHost, Map<string, EncodedResource>>();

  constructor(encoder: ResourceEncoder) {
    this.encoder = encoder;
  }

  /** The table as it goes out: without its virtual hosts where these are sent by themselves. */
  frame(table: RouteConfiguration): EncodedResource {
    return this.encoder.encode(typeUrls.RDS, table.name ?? '', { ...table, virtual_hosts: [], vhds });
  }

  host(table: string, host: VirtualHost): EncodedResource {
    const ofHost = this.known.get(host) ?? new Map<string, EncodedResource>();
    this.known.set(host, ofHost);
    const known = ofHost.get(table);
    if (known !== undefined) return known;
    const name = virtualHostResourceName(table, host);
    const encoded = this.encoder.encode(typeUrls.VHDS, name, { ...host, name });
    ofHost.set(table, encoded);
    return encoded;
  }
}

/** What stands before the last slash is the table: none may be in the name of the host, which may be anything where a user adds it. */
export function virtualHostResourceName(table: string, { name = '' }: VirtualHost): string {
  return virtualHostResource(table, name.replaceAll('/', '%2F'));
}

/** Every virtual host has a domain; nobody asks for this one (RFC 6761). */
export const nowhere = 'absent.invalid';

/**
 * Whether the virtual hosts of a table are sent by themselves. Those of a listener that sniffs stay inside: it is one host, and it
 * may go while the table stays, when Envoy would wait for the next one before it opens a listener. Other tables always have
 * one that takes everything else.
 */
export function isTakenApart(table: string): boolean {
  return !parseRouteName(table).isSniffed;
}
