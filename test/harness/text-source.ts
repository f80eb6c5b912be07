import { parseAllDocuments } from 'yaml';
import type { ConfigSink, ConfigSource } from '../../src/config/config-source.ts';
import type { ConfigObject } from '../../src/model/config-object.ts';
import type { Issue } from '../../src/model/issue.ts';
import { formatRef, type ObjectRef } from '../../src/model/object-ref.ts';
import { parseObject } from '../../src/schema/parse-object.ts';

/** Configuration out of texts, applied synchronously: what stories, golden cases and conformance cases are made of. */
export class TextSource implements ConfigSource {
  readonly name = 'text';
  readonly issues: Issue[] = [];
  private sink: ConfigSink | undefined;
  private readonly held = new Map<string, ObjectRef>();
  private readonly initial: readonly string[];
  private readonly mesh: string;

  constructor(initial: readonly string[], mesh = '') {
    this.initial = initial;
    this.mesh = mesh;
  }

  /** How many objects it holds. */
  get size(): number {
    return this.held.size;
  }

  async start(sink: ConfigSink): Promise<void> {
    this.sink = sink;
    if (this.mesh !== '') sink.apply({ documents: { mesh: { text: this.mesh, file: 'mesh.yaml' } } });
    for (const text of this.initial) this.apply(text);
  }

  hasSynced(): boolean {
    return this.sink !== undefined;
  }

  /** Adds or replaces every object of the text. */
  apply(text: string): void {
    const objects = parseTexts(text, this.issues);
    for (const { ref } of objects) this.held.set(formatRef(ref), ref);
    this.sink?.apply({ objects });
  }

  applyObjects(objects: readonly ConfigObject[]): void {
    const update = objects.map((object) => ({ ref: { kind: object.kind, namespace: object.namespace, name: object.name }, object }));
    for (const { ref } of update) this.held.set(formatRef(ref), ref);
    this.sink?.apply({ objects: update });
  }

  /** Adds, replaces and removes: one revision. */
  applyAll(changes: readonly { readonly ref: ObjectRef; readonly object: ConfigObject | undefined }[]): void {
    for (const { ref, object } of changes) {
      if (object === undefined) this.held.delete(formatRef(ref));
      else this.held.set(formatRef(ref), ref);
    }
    this.sink?.apply({ objects: changes });
  }

  /** Puts these texts, and this mesh configuration, in place of everything that is held: one revision. */
  replaceAll(texts: readonly string[], mesh: string): void {
    const objects = texts.flatMap((text) => parseTexts(text, this.issues));
    const kept = new Set(objects.map(({ ref }) => formatRef(ref)));
    const gone = [...this.held.values()].filter((ref) => !kept.has(formatRef(ref)));
    this.held.clear();
    for (const { ref } of objects) this.held.set(formatRef(ref), ref);
    const text = mesh === '' ? null : { text: mesh, file: 'mesh.yaml' };
    this.sink?.apply({ documents: { mesh: text }, objects: [...gone.map((ref) => ({ ref, object: undefined })), ...objects] });
  }

  /** Puts this mesh configuration in place. */
  applyMesh(text: string): void {
    this.sink?.apply({ documents: { mesh: { text, file: 'mesh.yaml' } } });
  }

  remove(ref: ObjectRef): void {
    this.held.delete(formatRef(ref));
    this.sink?.apply({ objects: [{ ref, object: undefined }] });
  }

  positionOf(): undefined {
    return undefined;
  }
}

/** Every object of a multi-document text; what is wrong goes to `issues`. Of an object that stands there twice the first counts. */
export function parseTexts(text: string, issues: Issue[]): { readonly ref: ObjectRef; readonly object: ConfigObject }[] {
  const found = new Map<string, { readonly ref: ObjectRef; readonly object: ConfigObject }>();
  for (const document of parseAllDocuments(text)) {
    const json: unknown = 'toJS' in document ? document.toJS() : undefined;
    if (json === null || json === undefined) continue;
    const parsed = parseObject(json);
    issues.push(...parsed.issues);
    if (parsed.object === undefined) continue;
    const ref = { kind: parsed.object.kind, namespace: parsed.object.namespace, name: parsed.object.name };
    if (!found.has(formatRef(ref))) found.set(formatRef(ref), { ref, object: parsed.object });
  }
  return [...found.values()];
}
