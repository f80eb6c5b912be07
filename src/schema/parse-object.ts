/** Turns one JSON document into a ConfigObject of a known kind, or says why it cannot. */

import type { ConfigObject } from '../model/config-object.ts';
import type { Issue } from '../model/issue.ts';
import type { ObjectRef } from '../model/object-ref.ts';
import { list, map, object, struct } from './field/composites.ts';
import { describeJson, isJsonObject } from './field/free-json.ts';
import { parseSpec } from './field/parse.ts';
import { bool, int, string } from './field/scalars.ts';
import { issueCodes } from './issue-codes.ts';
import type { Kind } from './kind.ts';
import { explainUnknownKind, findKind } from './kinds.ts';
import { dnsSubdomain } from './parts/name-checks.ts';
import { validateAnnotations } from './validate-annotations.ts';

export interface ParsedObject {
  /** Absent where an issue is an error, and for kinds that a mesh does not read. */
  readonly object?: ConfigObject;
  /**
   * An object whose structure is right but which breaks a rule of its kind. Never to be put into force; analyses and
   * explanations may still look at it, as Istio's do.
   */
  readonly rejected?: ConfigObject;
  /** Each with its path from the document's root, and the object it is about once that has a name. */
  readonly issues: readonly Issue[];
}

/** Parses and validates a document with apiVersion, kind and metadata. Never throws, whatever the value. */
export function parseObject(json: unknown): ParsedObject {
  if (!isJsonObject(json)) return malformed(`a document must be an object, not ${describeJson(json)}`, []);
  const { apiVersion, kind: documentKind } = json;
  if (typeof apiVersion !== 'string') return malformed('apiVersion is required, as text', ['apiVersion']);
  if (typeof documentKind !== 'string') return malformed('kind is required, as text', ['kind']);
  const kind = findKind(apiVersion, documentKind);
  if (!kind) return { issues: [explainUnknownKind(apiVersion, documentKind)] };
  return parseOfKind(kind, apiVersion, json);
}

function malformed(message: string, path: readonly string[]): ParsedObject {
  return { issues: [{ code: issueCodes.malformedDocument, severity: 'error', message, path }] };
}

function parseOfKind(kind: Kind, apiVersion: string, json: Readonly<Record<string, unknown>>): ParsedObject {
  const metadata = parseSpec(metadataField, json['metadata'] ?? {}, ['metadata'], 'lenient');
  const spec =
    kind.root === 'body'
      ? parseSpec(kind.spec, bodyOf(json), [], kind.dialect)
      : parseSpec(kind.spec, json['spec'] ?? {}, ['spec'], kind.dialect);
  const issues = [...metadata.issues, ...(kind.root === 'spec' ? strayFields(json) : []), ...spec.issues];
  if (!metadata.value || !('value' in spec)) return { issues: withObject(issues, refFrom(kind, json)) };
  const { name, namespace = 'default', labels = {}, annotations = {}, uid, creationTimestamp, generateName } = metadata.value;
  const owner = metadata.value.ownerReferences?.find((reference) => reference.controller === true);
  const parsed: ConfigObject = {
    kind: kind.kind,
    apiVersion,
    name,
    namespace: kind.scope === 'Cluster' ? '' : namespace,
    labels,
    annotations,
    createdAt: creationTimestamp === undefined ? 0 : Date.parse(creationTimestamp),
    ...(uid === undefined ? {} : { uid }),
    ...(generateName === undefined ? {} : { generateName }),
    ...(owner === undefined ? {} : { owner: { kind: owner.kind ?? '', name: owner.name ?? '' } }),
    ...(metadata.value.deletionTimestamp === undefined ? {} : { isTerminating: true }),
    spec: spec.value,
    ...(kind.root === 'spec' && isJsonObject(json['status']) ? { status: json['status'] } : {}),
  };
  issues.push(...(kind.group.endsWith('istio.io') ? validateAnnotations(parsed) : []), ...kind.validate(parsed));
  const about = withObject(issues, { kind: parsed.kind, namespace: parsed.namespace, name: parsed.name });
  return issues.some((issue) => issue.severity === 'error') ? { rejected: parsed, issues: about } : { object: parsed, issues: about };
}

const metadataField = object({
  name: string({ required: true, minLength: 1, maxLength: 253, check: dnsSubdomain }),
  namespace: string({ minLength: 1, maxLength: 63, check: dnsSubdomain }),
  labels: map(string()),
  annotations: map(string()),
  creationTimestamp: string({
    check: (text) => (Number.isNaN(Date.parse(text)) ? 'must be a time such as 2024-01-31T12:00:00Z' : undefined),
  }),
  uid: string(),
  generateName: string(),
  deletionTimestamp: string(),
  generation: int(),
  ownerReferences: list(object({ kind: string(), name: string(), controller: bool() })),
});

function bodyOf(json: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { apiVersion: _a, kind: _k, metadata: _m, ...body } = json;
  return body;
}

/** Anything beside spec and status, such as a `spec` that is indented too little. */
function strayFields(json: Readonly<Record<string, unknown>>): Issue[] {
  const { apiVersion: _a, kind: _k, metadata: _m, status: _s, spec: _p, ...stray } = json;
  return Object.keys(stray).length === 0 ? [] : [...parseSpec(topLevel, stray, []).issues];
}

const topLevel = object({ spec: struct(), status: struct(), metadata: struct() });

/** The best that can be said of an object whose metadata may be wrong. */
function refFrom(kind: Kind, json: Readonly<Record<string, unknown>>): ObjectRef | undefined {
  const metadata = json['metadata'];
  if (!isJsonObject(metadata) || typeof metadata['name'] !== 'string') return undefined;
  const namespace = typeof metadata['namespace'] === 'string' ? metadata['namespace'] : 'default';
  return { kind: kind.kind, namespace: kind.scope === 'Cluster' ? '' : namespace, name: metadata['name'] };
}

function withObject(issues: readonly Issue[], ref: ObjectRef | undefined): readonly Issue[] {
  return ref ? issues.map((issue) => ({ ...issue, object: ref })) : issues;
}
