import { sameContent } from '../config/same-content.ts';
import type { Issue } from '../model/issue.ts';
import { formatRef, type ObjectRef } from '../model/object-ref.ts';
import type { ObjectFacts, Refusal } from './object-facts.ts';

export interface FactBoardOptions {
  readonly issues: () => readonly Issue[];
  /** Of this replica and of the others, as far as they are known. */
  readonly refusals: () => readonly Refusal[];
  /** Whether the object has a status to write: it is one of Istio's kinds, and the API server's. */
  readonly hasStatus: (ref: ObjectRef) => boolean;
}

/** What there is to say, by object. */
export class FactBoard {
  private readonly options: FactBoardOptions;
  private readonly listeners = new Set<(changed: readonly ObjectRef[]) => void>();
  private facts: ReadonlyMap<string, ObjectFacts> = new Map();

  constructor(options: FactBoardOptions) {
    this.options = options;
  }

  get(ref: ObjectRef): ObjectFacts | undefined {
    return this.facts.get(formatRef(ref));
  }

  all(): readonly ObjectRef[] {
    return [...this.facts.values()].map(({ ref }) => ref);
  }

  /** The result ends it. */
  onChange(listener: (changed: readonly ObjectRef[]) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Looks anew, and tells which objects there is something else to say about. */
  refresh(): void {
    const before = this.facts;
    this.facts = this.collect();
    const changed = [...new Set([...before.keys(), ...this.facts.keys()])].flatMap((key) => {
      const [old, now] = [before.get(key), this.facts.get(key)];
      const ref = (now ?? old)?.ref;
      return ref === undefined || sameContent(old, now) ? [] : [ref];
    });
    if (changed.length > 0) for (const listener of this.listeners) listener(changed);
  }

  private collect(): ReadonlyMap<string, ObjectFacts> {
    const { issues, refusals, hasStatus } = this.options;
    const facts = new Map<string, { readonly ref: ObjectRef; readonly issues: Issue[]; readonly refusals: Refusal[] }>();
    const of = (ref: ObjectRef) => {
      const key = formatRef(ref);
      const known = facts.get(key) ?? { ref, issues: [], refusals: [] };
      facts.set(key, known);
      return known;
    };
    for (const issue of issues()) {
      const isOurs = issue.object !== undefined && issue.position === undefined && issue.severity !== 'info';
      if (isOurs && issue.object && hasStatus(issue.object)) of(issue.object).issues.push(issue);
    }
    for (const refusal of refusals()) {
      for (const { ref } of refusal.suspects) if (hasStatus(ref)) of(ref).refusals.push(refusal);
    }
    return facts;
  }
}
