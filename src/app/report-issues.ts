import type { Cell } from '../incremental/cell.ts';
import type { Engine } from '../incremental/engine.ts';
import type { Logger } from '../lib/log.ts';
import { formatIssue, type Issue, type Severity } from '../model/issue.ts';

export interface IssueReportOptions {
  readonly engine: Pick<Engine, 'observe'>;
  readonly issues: Cell<readonly Issue[]>;
  readonly log: Logger;
  /** Called with each issue that was not there before. */
  readonly onNew: (issue: Issue) => void;
}

/**
 * Logs every issue once, when it appears, and says when it is gone. An issue that only moved to another line is the same
 * one. Ends with the signal.
 */
export function reportIssues(options: IssueReportOptions, signal: AbortSignal): void {
  const { engine, issues } = options;
  let known: ReadonlyMap<string, Issue> = new Map();
  let isScheduled = false;
  const report = () => {
    isScheduled = false;
    if (!signal.aborted) known = difference(options, known);
  };
  const stop = engine.observe(issues, () => {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(report);
  });
  signal.addEventListener('abort', stop, { once: true });
  report();
}

/** Remarks come and go while files are written. */
const levels = { error: 'error', warning: 'warn', info: 'debug' } as const satisfies Record<Severity, string>;

function difference({ issues, log, onNew }: IssueReportOptions, known: ReadonlyMap<string, Issue>): ReadonlyMap<string, Issue> {
  const current = new Map(issues.get().map((issue) => [identity(issue), issue] as const));
  for (const [key, issue] of current) {
    if (known.has(key)) continue;
    onNew(issue);
    log[levels[issue.severity]]({ code: issue.code, object: issue.object, position: issue.position }, formatIssue(issue));
  }
  for (const [key, issue] of known) {
    if (current.has(key) || issue.severity === 'info') continue;
    log.info({ code: issue.code, object: issue.object }, `solved: ${formatIssue(issue)}`);
  }
  return current;
}

function identity({ position, ...issue }: Issue): string {
  return JSON.stringify({ ...issue, position: issue.object === undefined ? position : undefined });
}
