import { type ConfigObject, refOf } from '../../model/config-object.ts';
import type { Issue } from '../../model/issue.ts';
import type { ObjectRef } from '../../model/object-ref.ts';
import type { ParsedObject } from '../../schema/parse-object.ts';
import { configIssueCodes } from '../issue-codes.ts';
import { createLocator } from '../yaml/locate.ts';
import type { ReadText } from '../yaml/text-fault.ts';

/** What one document of a file says; lines count from the document's own first line, and files are not named. */
export interface ParsedDocument {
  readonly text: string;
  readonly isPlain: boolean;
  readonly objects: readonly FoundObject[];
  readonly issues: readonly Issue[];
  /** It cannot be told which objects it holds, so none may be missed because of it. */
  readonly isBroken: boolean;
}

export interface FoundObject {
  readonly ref: ObjectRef;
  /** Absent where the document names the object but has errors. */
  readonly object: ConfigObject | undefined;
  /** Where the object stands in the document: empty, or `items` and the index in a List. */
  readonly path: readonly (string | number)[];
}

export type ParseObject = (json: unknown) => ParsedObject;

/** Issues of one document beyond this number are not told. */
const maxIssues = 100;

/** Turns what a reader made of a document into objects; a `v1` List (as `kubectl get -o yaml` prints) holds many. */
export function parseDocument(text: string, read: ReadText, parseObject: ParseObject): ParsedDocument {
  if (read.faults.length > 0) return { text, isPlain: false, objects: [], issues: read.faults.map(syntaxIssue), isBroken: true };
  const isPlain = read.isPlain ?? false;
  const locate = createLocator(text, isPlain);
  const objects: FoundObject[] = [];
  const issues: Issue[] = [];
  let isBroken = false;
  for (const { json, path } of itemsOf(read.value)) {
    const parsed = parseObject(json);
    const ref = parsed.object ? refOf(parsed.object) : parsed.issues.find((issue) => issue.object)?.object;
    if (ref) objects.push({ ref, object: parsed.object, path });
    else isBroken ||= parsed.issues.some((issue) => issue.severity === 'error');
    for (const issue of parsed.issues.slice(0, maxIssues - issues.length)) {
      issues.push({ ...issue, position: { file: '', ...locate([...path, ...(issue.path ?? [])]) } });
    }
  }
  return { text, isPlain, objects, issues, isBroken };
}

function syntaxIssue(fault: ReadText['faults'][number]): Issue {
  const { line, column, message, hint } = fault;
  const position = { file: '', line, column };
  return { code: configIssueCodes.syntax, severity: 'error', message, ...(hint === undefined ? {} : { hint }), position };
}

function itemsOf(json: unknown): readonly { readonly json: unknown; readonly path: readonly (string | number)[] }[] {
  if (typeof json === 'object' && json !== null && 'kind' in json && json.kind === 'List' && 'items' in json && Array.isArray(json.items)) {
    return json.items.map((item: unknown, index) => ({ json: item, path: ['items', index] }));
  }
  return [{ json, path: [] }];
}
