import type { Cell, Input } from '../incremental/cell.ts';
import type { Engine } from '../incremental/engine.ts';
import { compareText } from '../model/config-object.ts';
import type { Issue } from '../model/issue.ts';
import { formatRef } from '../model/object-ref.ts';
import { sameContent } from './same-content.ts';

/** The issues of the moment, each list under the key of what it is about; sorted when somebody looks. */
export class IssueBoard {
  readonly issues: Cell<readonly Issue[]>;
  private readonly posted = new Map<string, readonly Issue[]>();
  private readonly version: Input<number>;
  private changes = 0;

  constructor(engine: Engine) {
    this.version = engine.input(0);
    this.issues = engine.derived((read) => {
      read(this.version);
      return [...this.posted.values()].flat().sort(byPlace);
    });
  }

  /** Replaces what stood under the key. */
  post(key: string, issues: readonly Issue[]): void {
    const before = this.posted.get(key) ?? [];
    if (sameContent(before, issues)) return;
    if (issues.length === 0) this.posted.delete(key);
    else this.posted.set(key, issues);
    this.version.set(++this.changes);
  }
}

function byPlace(a: Issue, b: Issue): number {
  return (
    compareText(a.position?.file ?? '', b.position?.file ?? '') ||
    (a.position?.line ?? 0) - (b.position?.line ?? 0) ||
    (a.position?.column ?? 0) - (b.position?.column ?? 0) ||
    compareText(a.object ? formatRef(a.object) : '', b.object ? formatRef(b.object) : '') ||
    compareText(a.code, b.code) ||
    compareText(a.message, b.message)
  );
}
