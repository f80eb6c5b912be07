import { type ConfigObject, compareText } from '../../model/config-object.ts';
import type { Issue, Position } from '../../model/issue.ts';
import { formatRef, type ObjectRef } from '../../model/object-ref.ts';
import type { ConfigUpdate, ObjectChange } from '../config-source.ts';
import { sameContent } from '../same-content.ts';
import { createLocator } from '../yaml/locate.ts';
import { duplicate, type FileEntry, inForceAfter, issuesOf, linePlaceOf } from './file-entry.ts';
import type { ParsedFile } from './parse-file.ts';

/**
 * Knows which file defines which objects, and which of several definitions counts: the first by path. Touches no disk;
 * what changed is collected until `takeUpdate`.
 */
export class FileIndex {
  private readonly entries = new Map<string, FileEntry>();
  /** Ids of the files that define an object, by the object's key. */
  private readonly definers = new Map<string, Set<string>>();
  private readonly refs = new Map<string, ObjectRef>();
  private readonly handedOver = new Map<string, ConfigObject>();
  private readonly touchedObjects = new Set<string>();
  private readonly touchedFiles = new Set<string>();

  get(id: string): FileEntry | undefined {
    return this.entries.get(id);
  }

  ids(): Iterable<string> {
    return this.entries.keys();
  }

  /** A file was read. */
  put(id: string, shown: string, parsed: ParsedFile): void {
    const before = this.entries.get(id);
    this.store({ id, shown, parsed, inForce: inForceAfter(parsed, before), trouble: undefined, isMissing: false }, before);
  }

  /** A file is there and cannot be read: what it said before stays. */
  trouble(id: string, shown: string, trouble: Issue): void {
    const before = this.entries.get(id);
    const base = before ?? { id, shown, parsed: undefined, inForce: new Map(), isMissing: false };
    this.store({ ...base, isMissing: false, trouble }, before);
  }

  /** Whether a file is gone, but perhaps only for the moment. */
  markMissing(id: string, isMissing: boolean): void {
    const before = this.entries.get(id);
    if (before && before.isMissing !== isMissing) this.store({ ...before, isMissing }, before);
  }

  remove(id: string): void {
    const before = this.entries.get(id);
    if (!before) return;
    this.entries.delete(id);
    this.touchedFiles.add(id);
    for (const key of before.inForce.keys()) this.unlink(key, id);
  }

  /** What changed since the last call; undefined for nothing. */
  takeUpdate(): ConfigUpdate | undefined {
    const objects: ObjectChange[] = [];
    const issues = new Map<string, readonly Issue[]>();
    for (const key of [...this.touchedObjects].sort(compareText)) {
      const change = this.changeOf(key);
      if (change) objects.push(change);
      issues.set(`object ${key}`, this.duplicatesOf(key));
      if (!this.definers.has(key)) this.refs.delete(key);
    }
    for (const id of this.touchedFiles) {
      const entry = this.entries.get(id);
      issues.set(`file ${id}`, entry ? issuesOf(entry) : []);
    }
    this.touchedObjects.clear();
    this.touchedFiles.clear();
    return issues.size > 0 ? { objects, issues } : undefined;
  }

  /** Where a field stands in the file whose version counts. */
  positionOf(ref: ObjectRef, path: readonly (string | number)[]): Position | undefined {
    const key = formatRef(ref);
    const entry = this.rankedDefiners(key)[0];
    if (!entry) return undefined;
    for (const { objects, text, line, isPlain } of entry.parsed?.documents ?? []) {
      const found = objects.find((candidate) => formatRef(candidate.ref) === key);
      if (!found) continue;
      const place = createLocator(text, isPlain)([...found.path, ...path]);
      return { file: entry.shown, line: place.line + line - 1, column: place.column };
    }
    return { file: entry.shown, line: 1, column: 1 };
  }

  /** The line of a file as it was read last. */
  lineAt({ file, line }: Position): string | undefined {
    for (const { shown, parsed } of this.entries.values()) {
      if (shown !== file) continue;
      const document = parsed?.documents.findLast((candidate) => candidate.line <= line);
      return document?.text.split('\n')[line - document.line]?.replace(/\r$/, '');
    }
    return undefined;
  }

  private store(entry: FileEntry, before: FileEntry | undefined): void {
    this.entries.set(entry.id, entry);
    this.touchedFiles.add(entry.id);
    for (const key of before?.inForce.keys() ?? []) if (!entry.inForce.has(key)) this.unlink(key, entry.id);
    for (const [key, { ref }] of entry.inForce) {
      this.refs.set(key, ref);
      this.touchedObjects.add(key);
      const definers = this.definers.get(key);
      if (definers) definers.add(entry.id);
      else this.definers.set(key, new Set([entry.id]));
    }
  }

  private unlink(key: string, id: string): void {
    this.touchedObjects.add(key);
    const definers = this.definers.get(key);
    definers?.delete(id);
    if (definers?.size === 0) this.definers.delete(key);
  }

  private changeOf(key: string): ObjectChange | undefined {
    const ref = this.refs.get(key);
    const object = this.rankedDefiners(key)[0]?.inForce.get(key)?.object;
    const before = this.handedOver.get(key);
    if (!ref || sameContent(object, before)) return undefined;
    if (object) this.handedOver.set(key, object);
    else this.handedOver.delete(key);
    return { ref, object };
  }

  /** Files that are there before missing ones, then by path. */
  private rankedDefiners(key: string): readonly FileEntry[] {
    const ids = this.definers.get(key);
    if (!ids) return [];
    const entries = [...ids].map((id) => this.entries.get(id)).filter((entry) => entry !== undefined);
    return entries.sort((a, b) => Number(a.isMissing) - Number(b.isMissing) || compareText(a.id, b.id));
  }

  private duplicatesOf(key: string): readonly Issue[] {
    const ref = this.refs.get(key);
    const [winner, ...losers] = this.rankedDefiners(key).filter((entry) => !entry.isMissing);
    if (!ref || !winner) return [];
    return losers.map((loser) => duplicate(ref, linePlaceOf(loser, key), linePlaceOf(winner, key)));
  }
}
