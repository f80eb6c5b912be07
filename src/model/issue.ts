import type { ObjectRef } from './object-ref.ts';

export type Severity = 'error' | 'warning' | 'info';

/** A place in a user's file; line and column count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Something wrong with what a user wrote. Never thrown: a bad object is left out (error) or used as far as it goes
 * (warning), and everything else stays in force.
 */
export interface Issue {
  /** Istio's code (`IST0101`) where Istio has one, else one of ours (`CXS....`); see `schema/issue-codes.ts`. */
  readonly code: string;
  readonly severity: Severity;
  /** One sentence that says what is wrong, without the position. */
  readonly message: string;
  /** What to do about it: "did you mean \"timeout\"?". */
  readonly hint?: string;
  readonly object?: ObjectRef;
  /** From the object's root: `['spec', 'http', 0, 'timeout']`. */
  readonly path?: readonly (string | number)[];
  readonly position?: Position;
}

/** `file:line:col: error IST0101 VirtualService/default/a spec.http[0].timeout: message (hint)`. */
export function formatIssue(issue: Issue): string {
  const parts: string[] = [];
  if (issue.position) parts.push(`${issue.position.file}:${issue.position.line}:${issue.position.column}:`);
  parts.push(issue.severity, issue.code);
  if (issue.object) parts.push(`${issue.object.kind}/${issue.object.namespace}/${issue.object.name}`);
  if (issue.path && issue.path.length > 0) parts.push(`${formatPath(issue.path)}:`);
  parts.push(issue.message);
  if (issue.hint) parts.push(`(${issue.hint})`);
  return parts.join(' ');
}

/** `spec.http[0].timeout`. */
export function formatPath(path: readonly (string | number)[]): string {
  let text = '';
  for (const step of path) text += typeof step === 'number' ? `[${step}]` : text === '' ? step : `.${step}`;
  return text;
}
