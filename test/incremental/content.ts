// What clients on the wire are sent, named by its hash, and what it points at.
import { loadProtos } from '../../src/envoy/protos.ts';
import { hashBytes } from '../../src/lib/hash.ts';
import { bootstrapClusters, clusterReferences, edsReferences, rdsReferences } from '../harness/reference-check.ts';
import type { AnyMessage } from '../protocol/scripted-client.ts';

/** Names that one resource leads to. */
export interface References {
  readonly clusters: readonly string[];
  readonly endpoints: readonly string[];
  readonly routes: readonly string[];
  /** A route table whose virtual hosts come by themselves. */
  readonly hostsApart: boolean;
}

const protos = loadProtos();
const nothing: References = { clusters: [], endpoints: [], routes: [], hostsApart: false };

/** Reads resources for the clients of one test: each different content is decoded once. */
export class Contents {
  private readonly references = new Map<string, References>();

  /** Name and content, for `ScriptedClientOptions.read`. */
  readonly read = ({ type_url: typeUrl, value }: AnyMessage): readonly [string, string] => {
    const typeName = typeUrl.slice(typeUrl.indexOf('/') + 1);
    const content = hashBytes(value);
    const resource = protos.decode(typeName, value);
    if (!this.references.has(content)) this.references.set(content, referencesOf(typeName, resource));
    return [String(resource['cluster_name'] ?? resource['name']), content];
  };

  /** As `read`, of the bytes of a `google.protobuf.Any`. */
  contentOf(any: Uint8Array): string {
    return this.read(unpackAny(any))[1];
  }

  of(content: string): References {
    return this.references.get(content) ?? nothing;
  }
}

/** Fields 1 and 2; the decoder of the program would go on into the value. */
function unpackAny(any: Uint8Array): AnyMessage {
  const bytes = Buffer.from(any.buffer, any.byteOffset, any.byteLength);
  const fields: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    at++;
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes.readUInt8(at++);
      length += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    fields.push(bytes.subarray(at, at + length));
    at += length;
  }
  return { type_url: String(fields[0]), value: fields[1] ?? Buffer.alloc(0) };
}

function referencesOf(typeName: string, resource: Readonly<Record<string, unknown>>): References {
  const one = new Map([['', resource]]);
  const none = new Map<string, never>();
  const kind = typeName.slice(typeName.lastIndexOf('.') + 1);
  if (kind === 'Cluster') return { ...nothing, endpoints: edsReferences({ clusters: one }) };
  if (kind === 'ClusterLoadAssignment') return nothing;
  const isListener = kind === 'Listener';
  const named = clusterReferences(isListener ? { listeners: one, routes: none } : { listeners: none, routes: one }).map(
    ({ cluster }) => cluster,
  );
  return {
    clusters: [...new Set(named)].filter((cluster) => !bootstrapClusters.includes(cluster)),
    endpoints: [],
    routes: isListener ? rdsReferences({ listeners: one }) : [],
    hostsApart: kind === 'RouteConfiguration' && Boolean(resource['vhds']),
  };
}
