/** Collects what a validator finds. */

import type { Issue, Severity } from '../model/issue.ts';
import type { Path } from './field/parse-context.ts';
import { issueCodes } from './issue-codes.ts';

export class Report {
  readonly issues: Issue[] = [];

  /** What makes the object unusable: it is left out. `message` starts where the path ends ("must be ..."). */
  error(path: Path, message: string, hint?: string): void {
    this.add('error', issueCodes.schemaError, path, message, hint);
  }

  /** What is probably not meant, but works. */
  warn(path: Path, message: string, hint?: string): void {
    this.add('warning', issueCodes.schemaWarning, path, message, hint);
  }

  /** A warning for which there is a code of its own. */
  warnAs(code: string, path: Path, message: string): void {
    this.add('warning', code, path, message);
  }

  private add(severity: Severity, code: string, path: Path, message: string, hint?: string): void {
    this.issues.push({ code, severity, message, ...(hint === undefined ? {} : { hint }), path });
  }
}
