import type { Cell, Table } from '../incremental/cell.ts';
import type { Engine } from '../incremental/engine.ts';
import { type ConfigObject, objectKey } from '../model/config-object.ts';
import type { Issue, Position } from '../model/issue.ts';
import type { LabelSelector } from '../model/label-selector.ts';
import { formatRef, type ObjectRef } from '../model/object-ref.ts';
import type { MeshNetworks } from '../schema/mesh-config/mesh-networks.ts';
import type { KindName, ObjectOf } from '../schema/spec-by-kind.ts';
import type { ConfigSource, ConfigUpdate } from './config-source.ts';
import { IssueBoard } from './issue-board.ts';
import { configIssueCodes } from './issue-codes.ts';
import type { MeshConfigFormat, MeshConfigText } from './mesh-config-holder.ts';
import { type MeshDocumentKey, MeshDocuments, meshDocumentKeys, textOfConfigMap } from './mesh-documents.ts';
import { ObjectSelection } from './object-selection.ts';
import { sameContent } from './same-content.ts';

export interface ConfigControllerOptions<M> {
  readonly engine: Engine;
  /** `schema/kinds.ts`: one table each. */
  readonly kinds: readonly { readonly kind: string }[];
  /** Of several sources that have the same object the first in this list counts. */
  readonly sources: readonly ConfigSource[];
  readonly meshConfig: MeshConfigFormat<M>;
  /** Where the ConfigMap with the keys `mesh` and `meshNetworks` may stand. */
  readonly rootNamespace: string;
  /** `istio-REVISION` where this control plane has a revision other than `default`. Default: `istio`. */
  readonly meshConfigMap?: string;
  /** `istio.io/rev` of the objects that are ours beside those without; empty: all are. */
  readonly revision?: string;
  /** What selects the namespaces that are read; an empty list: all are. Without it `select` may say so. */
  readonly discoverySelectors?: (meshConfig: M) => readonly LabelSelector[];
}

/** What one source has handed over. */
interface Held {
  readonly source: ConfigSource;
  readonly objects: Map<string, ConfigObject>;
  readonly documents: Map<MeshDocumentKey, MeshConfigText>;
}

/**
 * Holds the configuration of the mesh: one table of objects per kind, merged out of all sources, and what is wrong with
 * what users wrote. An object that is written again with the same content changes nothing.
 */
export class ConfigController<M = unknown> {
  /** All issues of all sources: by file, line and column, then by object. */
  readonly issues: Cell<readonly Issue[]>;
  /** Out of a source that states it (`--mesh-config`), else out of the ConfigMap `istio`, else the defaults. */
  readonly meshConfig: Cell<M>;
  /** The same of the key `meshNetworks` (`--mesh-networks`); without any: no networks. */
  readonly meshNetworks: Cell<MeshNetworks>;
  private readonly engine: Engine;
  private readonly tables: ReadonlyMap<string, Table<ConfigObject>>;
  private readonly held: readonly Held[];
  private readonly board: IssueBoard;
  private readonly documents: MeshDocuments<M>;
  private readonly meshObject: ObjectRef;
  private readonly selection: ObjectSelection;
  private readonly selectorsOf: ConfigControllerOptions<M>['discoverySelectors'];
  private selectors: readonly LabelSelector[] = [];
  /** As the table has them. */
  private readonly namespaces = new Map<string, ConfigObject>();

  constructor(options: ConfigControllerOptions<M>) {
    const { engine } = options;
    this.engine = engine;
    this.tables = new Map(options.kinds.map(({ kind }) => [kind, engine.table<ConfigObject>(sameContent)]));
    this.held = options.sources.map((source) => ({ source, objects: new Map(), documents: new Map() }));
    this.board = new IssueBoard(engine);
    this.issues = this.board.issues;
    this.documents = new MeshDocuments(engine, options.meshConfig);
    this.meshConfig = this.documents.mesh;
    this.meshNetworks = this.documents.meshNetworks;
    this.meshObject = { kind: 'ConfigMap', namespace: options.rootNamespace, name: options.meshConfigMap ?? 'istio' };
    this.selection = new ObjectSelection(options.revision ?? '');
    this.selectorsOf = options.discoverySelectors;
  }

  /** Starts every source; resolves when all have been read once. */
  async start(signal: AbortSignal): Promise<void> {
    await Promise.all(this.held.map((held) => held.source.start({ apply: (update) => this.apply(held, update) }, signal)));
  }

  hasSynced(): boolean {
    return this.held.every(({ source }) => source.hasSynced());
  }

  /** The objects of one kind by `namespace/name`; the kind is one of those that the constructor was given. */
  table<K extends KindName>(kind: K): Table<ObjectOf<K>> {
    const table = this.tables.get(kind);
    if (!table) throw new Error(`no table of kind ${kind}`);
    return table as unknown as Table<ObjectOf<K>>;
  }

  /** Reads the namespaces that one of these selects; an empty list: all. One revision. */
  select(selectors: readonly LabelSelector[]): void {
    this.selectors = selectors;
    this.engine.batch(() => this.reselect());
  }

  /** Tells of something wrong beside the objects, such as a cluster that cannot be read; replaces what stood under the key. */
  report(key: string, issues: readonly Issue[]): void {
    this.board.post(`reported\n${key}`, issues);
  }

  /** Where a field of an object stands; undefined where its source does not know, as for objects of the API server. */
  positionOf(ref: ObjectRef, path: readonly (string | number)[]): Position | undefined {
    const key = formatRef(ref);
    return this.held.find(({ objects }) => objects.has(key))?.source.positionOf(ref, path);
  }

  /** The text of a line that `positionOf`, or an issue, names. */
  lineAt(position: Position): string | undefined {
    for (const { source } of this.held) {
      const line = source.lineAt?.(position);
      if (line !== undefined) return line;
    }
    return undefined;
  }

  private apply(held: Held, update: ConfigUpdate): void {
    this.engine.batch(() => {
      const objects = update.objects ?? [];
      for (const { ref, object } of objects) {
        if (object) held.objects.set(formatRef(ref), object);
        else held.objects.delete(formatRef(ref));
      }
      for (const { ref } of objects) this.settle(ref, formatRef(ref));
      if (objects.some(({ ref }) => ref.kind === 'Namespace')) this.reselect();
      for (const [key, issues] of update.issues ?? []) this.board.post(`${held.source.name}\n${key}`, issues);
      for (const key of meshDocumentKeys) {
        const stated = update.documents?.[key];
        if (stated) held.documents.set(key, stated);
        else if (stated === null) held.documents.delete(key);
        this.settleDocument(key);
      }
    });
  }

  /** Takes in or leaves out what is in namespaces whose selection has changed. */
  private reselect(): void {
    const isTouched = this.selection.update(this.selectors, this.namespaces.values());
    if (isTouched === undefined) return;
    for (const { objects } of this.held) {
      for (const [key, { kind, namespace, name }] of objects) if (isTouched(namespace)) this.settle({ kind, namespace, name }, key);
    }
  }

  /** Puts the version that counts into the table. */
  private settle(ref: ObjectRef, key: string): void {
    const table = this.tables.get(ref.kind);
    if (!table) return;
    const holders = this.held.filter(({ objects }) => this.isOurs(objects.get(key)));
    const [first, ...hidden] = holders;
    const object = first?.objects.get(key);
    if (object) table.set(objectKey(ref), object);
    else table.delete(objectKey(ref));
    if (ref.kind === 'Namespace') {
      if (object) this.namespaces.set(ref.name, object);
      else this.namespaces.delete(ref.name);
    }
    if (this.held.length > 1)
      this.board.post(`shadowed\n${key}`, first ? hidden.map(({ source }) => shadowed(ref, first.source, source)) : []);
  }

  private isOurs(object: ConfigObject | undefined): boolean {
    return object !== undefined && this.selection.accepts(object);
  }

  private settleDocument(key: MeshDocumentKey): void {
    const stated = this.held.map(({ documents }) => documents.get(key)).find((text) => text !== undefined);
    const issues = this.documents.offer(key, stated ?? this.textOfConfigMap(key));
    if (!issues) return;
    if (key === 'mesh' && this.selectorsOf !== undefined) this.select(this.selectorsOf(this.documents.currentMesh()));
    const placed = issues.map((issue) => {
      const position = issue.object && !issue.position ? this.positionOf(issue.object, ['data', key]) : undefined;
      return position ? { ...issue, position } : issue;
    });
    this.board.post(`mesh document\n${key}`, placed);
  }

  private textOfConfigMap(key: MeshDocumentKey): MeshConfigText | undefined {
    const name = formatRef(this.meshObject);
    const object = this.held.find(({ objects }) => objects.has(name))?.objects.get(name);
    return textOfConfigMap(object?.spec, this.meshObject, key);
  }
}

function shadowed(ref: ObjectRef, winner: ConfigSource, loser: ConfigSource): Issue {
  const position = loser.positionOf(ref, []);
  return {
    code: configIssueCodes.shadowed,
    severity: 'warning',
    message: `the object of ${loser.name} is not used: ${winner.name} defines it too and comes first`,
    object: ref,
    ...(position ? { position } : {}),
  };
}
