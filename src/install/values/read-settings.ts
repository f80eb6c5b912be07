import type { Issue } from '../../model/issue.ts';
import { formatPath } from '../../model/issue.ts';
import { describeJson, isJsonObject } from '../../schema/field/free-json.ts';
import { parseSpec } from '../../schema/field/parse.ts';
import { issueCodes } from '../../schema/issue-codes.ts';
import { InstallError } from '../install-error.ts';
import { mergeValues, type Values } from '../template/values.ts';
import { parseSetFlag, setAt, typedValue } from './set-flag.ts';
import { type OperatorSpec, operatorTable, valueTable } from './value-table.ts';

/** What a user said of an installation. */
export interface SettingSources {
  /** Documents of `-f` in their order, and what to call each. */
  readonly files: readonly { readonly name: string; readonly document: unknown }[];
  /** `--set`, in their order; they win over files. */
  readonly set: readonly string[];
  readonly revision?: string;
}

/** What the user asks for, in the form of an IstioOperator's spec. Throws `InstallError` where anything in it is unknown or wrong. */
export function readSettings({ files, set, revision }: SettingSources): OperatorSpec {
  let spec: Values = {};
  for (const { name, document } of files) {
    const own = specOf(document, name);
    checked(own, name);
    spec = mergeValues(spec, own);
  }
  const flags: Record<string, unknown> = structuredClone(spec) as Record<string, unknown>;
  for (const flag of set) {
    const parsed = parseSetFlag(flag);
    if (!parsed) throw new InstallError(`--set ${flag}: write it as PATH=VALUE, such as values.pilot.autoscaleMin=2`);
    setAt(flags, parsed.path, typedValue(operatorTable, parsed.path, parsed.text));
  }
  if (revision !== undefined) flags['revision'] = revision;
  return checked(flags, '--set');
}

/** The name of the installation: of two with different names neither removes what the other made. */
export function ownerName(files: SettingSources['files']): string {
  const names = files.flatMap(({ document }) => {
    const metadata = isJsonObject(document) && document['kind'] === 'IstioOperator' ? document['metadata'] : undefined;
    return isJsonObject(metadata) && typeof metadata['name'] === 'string' ? [metadata['name']] : [];
  });
  return names.at(-1) ?? 'installed-state';
}

/** Of a document: an IstioOperator's spec, the spec alone, or the plain values that Istio's charts take. */
function specOf(document: unknown, file: string): Values {
  if (document === undefined || document === null) return {};
  if (!isJsonObject(document)) throw new InstallError(`${file}: must be an IstioOperator or values, not ${describeJson(document)}`);
  if (document['kind'] !== undefined || document['apiVersion'] !== undefined) {
    if (document['kind'] !== 'IstioOperator')
      throw new InstallError(`${file}: must be an IstioOperator, not ${describeJson(document['kind'])}`);
    const { spec = {} } = document;
    if (!isJsonObject(spec)) throw new InstallError(`${file}: spec must be an object, not ${describeJson(spec)}`);
    return spec;
  }
  if ('values' in document || 'components' in document) return document;
  const { profile, meshConfig, revision, ...values } = document;
  return {
    ...(profile !== undefined && { profile }),
    ...(meshConfig !== undefined && { meshConfig }),
    ...(revision !== undefined && { revision }),
    ...(Object.keys(values).length > 0 && { values }),
  };
}

/** The spec with its types; every field that the table does not know is an error here, other than in a mesh's configuration. */
function checked(spec: Values, source: string): OperatorSpec {
  const { value, issues } = parseSpec(operatorTable, spec, [], 'crd');
  if (issues.length > 0 || value === undefined) throw new InstallError(issues.map((issue) => sentence(issue, source)).join('\n'));
  return value;
}

function sentence(issue: Issue, source: string): string {
  const isUnknown = issue.code === issueCodes.unknownField;
  const hint = (isUnknown ? misplacedHint(issue) : undefined) ?? issue.hint;
  const message = isUnknown ? 'there is no such value' : issue.message;
  return `${source}: ${formatPath(issue.path ?? [])}: ${message}${hint === undefined ? '' : ` (${hint})`}`;
}

/** A value that stands one level too high is a frequent slip: `pilot` for `values.pilot`. */
function misplacedHint({ path = [] }: Issue): string | undefined {
  const [first] = path;
  if (path.length !== 1 || typeof first !== 'string' || !Object.hasOwn(valueTable.fields, first)) return undefined;
  return `did you mean "values.${first}"?`;
}
