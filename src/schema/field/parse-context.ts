import type { Issue } from '../../model/issue.ts';
import { issueCodes } from '../issue-codes.ts';
import type { ObjectShape } from './field.ts';

/**
 * How JSON is read: `proto` as Istio's own kinds are (snake_case names and numbers as text are accepted, unknown fields
 * reported), `crd` strictly as the API server does, `lenient` for Kubernetes kinds of which only a part is described.
 */
export type Dialect = 'proto' | 'crd' | 'lenient';

/** From the object's root: `['spec', 'http', 0]`. */
export type Path = readonly (string | number)[];

/** Objects and lists inside each other beyond this depth are refused: no real configuration comes near it. */
export const maxDepth = 64;

const maxIssues = 100;

/** What one run of the parser carries along. */
export class ParseContext {
  readonly dialect: Dialect;
  readonly issues: Issue[] = [];
  readonly path: (string | number)[];
  /** The objects around the current one, outermost first, with the length of their path. */
  readonly around: { readonly shape: ObjectShape; readonly pathLength: number }[] = [];
  errors = 0;

  constructor(dialect: Dialect, path: Path) {
    this.dialect = dialect;
    this.path = [...path];
  }

  error(message: string, hint?: string): undefined {
    this.errors++;
    this.add({ code: issueCodes.schemaError, severity: 'error', message, ...(hint === undefined ? {} : { hint }), path: [...this.path] });
    return undefined;
  }

  errorAt(step: string | number, message: string, hint?: string): undefined {
    this.path.push(step);
    this.error(message, hint);
    this.path.pop();
    return undefined;
  }

  warnUnknown(name: string, hint: string | undefined): void {
    const message = `unknown field "${shorten(name)}" is ignored`;
    this.add({
      code: issueCodes.unknownField,
      severity: 'warning',
      message,
      ...(hint === undefined ? {} : { hint }),
      path: [...this.path, name],
    });
  }

  private add(issue: Issue): void {
    if (this.issues.length < maxIssues) this.issues.push(issue);
  }
}

/** A user's text as messages quote it. */
export function shorten(text: string): string {
  return text.length <= 64 ? text : `${text.slice(0, 61)}...`;
}
