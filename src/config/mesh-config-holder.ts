import type { Cell, Input } from '../incremental/cell.ts';
import type { Engine } from '../incremental/engine.ts';
import type { Issue } from '../model/issue.ts';
import type { ObjectRef } from '../model/object-ref.ts';
import { configIssueCodes } from './issue-codes.ts';
import { sameContent } from './same-content.ts';
import { readText } from './yaml/read-text.ts';

/** How the text of a MeshConfig becomes a value: the document as JSON in, the effective settings or what is wrong out. */
export interface MeshConfigFormat<M> {
  readonly defaults: M;
  parse(document: unknown): { readonly value?: M; readonly issues: readonly Issue[] };
}

/** One place that may state the mesh's settings. */
export interface MeshConfigText {
  readonly text: string;
  readonly file?: string;
  /** The ConfigMap that holds the text in its `data`, and under which key. */
  readonly object?: ObjectRef;
  readonly key?: string;
}

/**
 * The settings of the whole mesh. A text with errors leaves the last good settings in force, also when it is the first
 * one that was ever seen: then the defaults hold (Istio's file and ConfigMap watchers do the same).
 */
export class MeshConfigHolder<M> {
  readonly cell: Cell<M>;
  /** What the cell holds: for those who must not settle the engine, as within a batch. */
  value: M;
  private readonly input: Input<M>;
  private readonly format: MeshConfigFormat<M>;
  private current: MeshConfigText | undefined;

  constructor(engine: Engine, format: MeshConfigFormat<M>) {
    this.format = format;
    this.value = format.defaults;
    this.input = engine.input(format.defaults, sameContent);
    this.cell = this.input;
  }

  /** Takes the text of the place that counts now, undefined for none; returns what is wrong with it, or undefined where nothing changed. */
  offer(source: MeshConfigText | undefined): readonly Issue[] | undefined {
    if (sameContent(source, this.current)) return undefined;
    this.current = source;
    if (source === undefined) {
      this.set(this.format.defaults);
      return [];
    }
    const read = readText(source.text);
    if (read.faults.length > 0)
      return read.faults.map((fault) => inSource(source, { ...errorOf(fault.message), position: { file: '', ...fault } }));
    const { value, issues } = this.format.parse(read.value ?? {});
    if (value !== undefined && !issues.some((issue) => issue.severity === 'error')) this.set(value);
    return issues.map((issue) => inSource(source, issue));
  }

  private set(value: M): void {
    this.value = value;
    this.input.set(value);
  }
}

function errorOf(message: string): Issue {
  return { code: configIssueCodes.meshConfig, severity: 'error', message };
}

/** Names the place of an issue: a line of the file, or the ConfigMap's field and the line within its text. */
function inSource(source: MeshConfigText, issue: Issue): Issue {
  const { position, ...rest } = issue;
  if (source.object) {
    const line = position ? ` (line ${position.line} of the text)` : '';
    return { ...rest, message: `${issue.message}${line}`, object: source.object, path: ['data', source.key ?? '', ...(issue.path ?? [])] };
  }
  const { line = 1, column = 1 } = position ?? {};
  return { ...rest, position: { file: source.file ?? '', line, column } };
}
