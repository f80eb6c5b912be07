import type { Node } from '../envoy/generated/envoy/config/core/v3/Node.ts';
import type { Cell, MapCell } from '../incremental/cell.ts';
import type { Mesh } from '../mesh/mesh.ts';
import type { ConfigObject } from '../model/config-object.ts';
import type { Issue, Position } from '../model/issue.ts';
import type { ObjectRef } from '../model/object-ref.ts';
import type { Proxy as ProxyNode } from '../model/proxy.ts';
import type { Workload } from '../model/workload.ts';
import type { KindName, ObjectOf } from '../schema/spec-by-kind.ts';
import type { ProxyScopes } from '../xds/node/proxy-scopes.ts';

/** Everything that an explanation is made from: a mesh, where its configuration stands, and what its proxies are served. */
export interface ExplainWorld {
  readonly mesh: Mesh;
  /** By `kind/namespace/name`. */
  readonly workloads: MapCell<Workload>;
  /** The workload that has an address. */
  readonly workloadAt: (address: string) => Workload | undefined;
  readonly table: <K extends KindName>(kind: K) => MapCell<ObjectOf<K>>;
  readonly issues: Cell<readonly Issue[]>;
  readonly clusterId: string;
  /** A live cluster, or other registries, tell which workloads there are; false: the files alone do, and may not know any. */
  readonly knowsWorkloads: boolean;
  readonly positionOf: (object: ObjectRef, path: readonly (string | number)[]) => Position | undefined;
  readonly lineAt: (position: Position) => string | undefined;
  readonly connected: () => readonly ConnectedNode[];
  /** What a proxy of this description is served, tables whole; to be closed. */
  readonly serve: (node: Node) => ServedViews | { readonly refused: string };
  /** Bytes of an Any to the message in it. */
  readonly decode: (any: Uint8Array) => object;
}

/** A proxy that is connected now. */
export interface ConnectedNode {
  readonly node: Node;
  readonly proxy: ProxyNode;
}

export interface ServedViews {
  view(typeUrl: string): { get(name: string): Encoded | undefined; all(): ReadonlyMap<string, Encoded> } | undefined;
  scopes(): ProxyScopes;
  close(): void;
}

interface Encoded {
  readonly any: Uint8Array;
}

/** Any object of configuration. */
export function lookup(world: ExplainWorld, { kind, namespace, name }: ObjectRef): ConfigObject | undefined {
  return world.table(kind as KindName).lookup(`${namespace}/${name}`) as ConfigObject | undefined;
}
