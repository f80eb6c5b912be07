import type { ConfigObject } from '../model/config-object.ts';
import { formatPath, type Issue } from '../model/issue.ts';
import { isJsonObject } from '../schema/field/free-json.ts';
import { issueCodes } from '../schema/issue-codes.ts';
import { parseObject } from '../schema/parse-object.ts';
import { type AdmissionAnswer, type AdmissionResource, readAdmissionReview } from './admission-review.ts';

/** What was decided about the body of one request. */
export interface Verdict {
  /** Absent where the body is no review, which `message` explains. */
  readonly answer?: AdmissionAnswer;
  readonly message?: string;
  readonly resource?: AdmissionResource;
  /** Our name of the kind; absent for kinds that a mesh does not read. */
  readonly kind?: string;
}

/** Issues beyond this number are not told; the person has enough to do. */
const maxIssues = 50;
/** Longer ones are cut off where kubectl shows them. */
const maxWarningLength = 256;

/** Kinds that we do not know are no reason to refuse an object: another version of the mesh may. */
const neverRefused: ReadonlySet<string> = new Set([issueCodes.unknownKind, issueCodes.ignoredKind]);

/**
 * Judges the body of a request to `/validate` by the rules that hold for every source of configuration. Pure, and synchronous: its time
 * grows with the body, so that large ones belong into a thread. `check` says what else is wrong with an object whose rules are kept.
 */
export function validateReview(body: string, check: (object: ConfigObject) => readonly Issue[] = () => []): Verdict {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return { message: 'the body is not JSON' };
  }
  const request = readAdmissionReview(json);
  if (typeof request === 'string') return { message: request };
  const { uid, apiVersion, resource, object, operation, subResource } = request;
  const isWritten = operation === 'CREATE' || operation === 'UPDATE';
  if (object === undefined || !isWritten || subResource !== '' || isGoing(object))
    return { answer: { uid, apiVersion, allowed: true }, resource };
  const parsed = parseObject(named(object, request.namespace));
  const kind = (parsed.object ?? parsed.rejected)?.kind;
  const issues = [...parsed.issues, ...(parsed.object ? check(parsed.object) : [])];
  return { answer: { uid, apiVersion, ...decide(issues) }, resource, ...(kind === undefined ? {} : { kind }) };
}

function decide(issues: readonly Issue[]): Pick<AdmissionAnswer, 'allowed' | 'message' | 'warnings'> {
  const errors = issues.filter(({ severity, code }) => severity === 'error' && !neverRefused.has(code));
  const warnings = issues.filter(({ severity, code }) => severity === 'warning' || code === issueCodes.unknownKind);
  const told = { warnings: warnings.slice(0, maxIssues).map(warningText) };
  if (errors.length === 0) return { allowed: true, ...told };
  const more = errors.length > maxIssues ? [`and ${errors.length - maxIssues} more`] : [];
  const lines = [...errors.slice(0, maxIssues).map(issueText), ...more];
  return { allowed: false, message: `configuration is invalid: ${lines.join('\n')}`, ...told };
}

/** `spec.http[0].timeout: must be a duration (did you mean "5s"?) [IST0106]`. */
function issueText({ path = [], message, hint, code }: Issue): string {
  return `${path.length > 0 ? `${formatPath(path)}: ` : ''}${message}${hint === undefined ? '' : ` (${hint})`} [${code}]`;
}

export function warningText(issue: Issue): string {
  const text = issueText(issue);
  return text.length <= maxWarningLength ? text : `${text.slice(0, maxWarningLength - 3)}...`;
}

/** Whoever removes finalizers of an object that goes away must not be kept from it. */
function isGoing({ metadata }: Readonly<Record<string, unknown>>): boolean {
  return isJsonObject(metadata) && typeof metadata['deletionTimestamp'] === 'string';
}

/** The API server may still have to fill in the name and the namespace. */
function named(object: Readonly<Record<string, unknown>>, namespace: string): Readonly<Record<string, unknown>> {
  const metadata = isJsonObject(object['metadata']) ? object['metadata'] : {};
  const { generateName } = metadata;
  const isNameless = typeof generateName === 'string' && (metadata['name'] === undefined || metadata['name'] === '');
  return {
    ...object,
    metadata: {
      ...(namespace !== '' && { namespace }),
      ...metadata,
      ...(isNameless && { name: `${generateName}x` }),
    },
  };
}
