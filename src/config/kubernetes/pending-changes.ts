import type { Issue } from '../../model/issue.ts';
import { formatRef, type ObjectRef } from '../../model/object-ref.ts';
import type { ConfigUpdate, ObjectChange } from '../config-source.ts';
import type { ReadObject } from './parse-kube-object.ts';

/** What changed since it was last handed over: of each object the latest, however often it changed. */
export class PendingChanges {
  private objects = new Map<string, ObjectChange>();
  private issues = new Map<string, readonly Issue[]>();
  private readonly withIssues = new Set<string>();

  /** An object that has errors now stays as it was. */
  put(ref: ObjectRef, { object, issues }: ReadObject): void {
    const key = formatRef(ref);
    if (object) this.objects.set(key, { ref, object });
    this.post(key, issues);
  }

  remove(ref: ObjectRef): void {
    const key = formatRef(ref);
    this.objects.set(key, { ref, object: undefined });
    this.post(key, []);
  }

  /** Replaces what is said about something. */
  post(key: string, issues: readonly Issue[]): void {
    if (issues.length === 0 && !this.withIssues.delete(key)) return;
    if (issues.length > 0) this.withIssues.add(key);
    this.issues.set(key, issues);
  }

  get isEmpty(): boolean {
    return this.objects.size === 0 && this.issues.size === 0;
  }

  /** At most so many objects, in the order in which they changed first, and all that is said about any. */
  take(most: number): ConfigUpdate {
    const taken = [...this.objects].slice(0, most);
    const { issues } = this;
    this.issues = new Map();
    if (taken.length === this.objects.size) this.objects = new Map();
    else for (const [key] of taken) this.objects.delete(key);
    return { objects: taken.map(([, change]) => change), issues };
  }
}
