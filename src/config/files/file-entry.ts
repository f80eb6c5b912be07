import type { ConfigObject } from '../../model/config-object.ts';
import type { Issue } from '../../model/issue.ts';
import { formatRef, type ObjectRef } from '../../model/object-ref.ts';
import { configIssueCodes } from '../issue-codes.ts';
import type { ParsedFile, PlacedDocument } from './parse-file.ts';

/** One file as the index knows it. */
export interface FileEntry {
  /** Orders files: the number of the directory on the command line, then the path in it. */
  readonly id: string;
  /** The path as users know it. */
  readonly shown: string;
  readonly parsed: ParsedFile | undefined;
  /** The objects this file stands for: those it says, and the last good version of those it says badly. */
  readonly inForce: ReadonlyMap<string, ObjectInForce>;
  /** Why it could not be read lately. */
  readonly trouble: Issue | undefined;
  /** Gone, but not yet for certain: it stands back behind files that are there. */
  readonly isMissing: boolean;
}

export interface ObjectInForce {
  readonly ref: ObjectRef;
  readonly object: ConfigObject;
}

/** Of two documents of a file that define the same object the first good one counts; bad ones keep what was good before. */
export function inForceAfter(parsed: ParsedFile, before: FileEntry | undefined): ReadonlyMap<string, ObjectInForce> {
  const now = new Map<string, ObjectInForce>();
  const named = new Set<string>();
  for (const { objects } of parsed.documents) {
    for (const { ref, object } of objects) {
      const key = formatRef(ref);
      named.add(key);
      if (object && !now.has(key)) now.set(key, { ref, object });
    }
  }
  for (const [key, held] of before?.inForce ?? []) {
    if (!now.has(key) && (parsed.isBroken || named.has(key))) now.set(key, held);
  }
  return now;
}

/** Everything wrong with one file, with its name and its own line numbers. */
export function issuesOf(entry: FileEntry): readonly Issue[] {
  const issues: Issue[] = [];
  if (entry.trouble) issues.push(withFile(entry.trouble, entry.shown, 0));
  for (const issue of entry.parsed?.issues ?? []) issues.push(withFile(issue, entry.shown, 0));
  for (const document of entry.parsed?.documents ?? []) {
    for (const issue of document.issues) issues.push(withFile(issue, entry.shown, document.line - 1));
  }
  return entry.parsed && entry.parsed.documents.length > 1 ? [...issues, ...repeated(entry, entry.parsed.documents)] : issues;
}

function withFile(issue: Issue, file: string, linesBefore: number): Issue {
  const { line = 1, column = 1 } = issue.position ?? {};
  return { ...issue, position: { file, line: line + linesBefore, column } };
}

/** Objects that a file defines twice. */
function repeated(entry: FileEntry, documents: readonly PlacedDocument[]): readonly Issue[] {
  const first = new Map<string, number>();
  const issues: Issue[] = [];
  for (const document of documents) {
    const line = firstLineOf(document);
    for (const { ref } of document.objects) {
      const key = formatRef(ref);
      const before = first.get(key);
      if (before === undefined) first.set(key, line);
      else issues.push(duplicate(ref, { file: entry.shown, line }, { file: entry.shown, line: before }));
    }
  }
  return issues;
}

export function duplicate(ref: ObjectRef, loser: LinePlace, winner: LinePlace): Issue {
  const message = `the object is not used: ${winner.file}:${winner.line} defines it too and comes first`;
  const position = { file: loser.file, line: loser.line, column: 1 };
  return { code: configIssueCodes.duplicateObject, severity: 'warning', message, object: ref, position };
}

export interface LinePlace {
  readonly file: string;
  readonly line: number;
}

/** Where a file defines an object. */
export function linePlaceOf(entry: FileEntry, key: string): LinePlace {
  const document = entry.parsed?.documents.find(({ objects }) => objects.some(({ ref }) => formatRef(ref) === key));
  return { file: entry.shown, line: document ? firstLineOf(document) : 1 };
}

/** The first line that holds more than a `---`, a comment or nothing. */
function firstLineOf({ text, line }: PlacedDocument): number {
  let number = line;
  for (let start = 0; start < text.length; number++) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const content = text.slice(start, end).trim();
    if (content !== '' && content !== '---' && !content.startsWith('#')) return number;
    start = end + 1;
  }
  return line;
}
