import type { Issue } from '../model/issue.ts';
import { issuesOfFields } from '../schema/field-remarks/issues-of-fields.ts';
import { issueCodes } from '../schema/issue-codes.ts';
import { kindOf } from '../schema/kinds.ts';
import type { ParsedObject } from '../schema/parse-object.ts';
import { parseObject } from '../schema/parse-object.ts';
import type { KindName } from '../schema/spec-by-kind.ts';

interface KindWithoutEffect {
  readonly kind: KindName;
  /** What does not happen, so that nobody relies on it. */
  readonly consequence: string;
}

const noRoute = 'it routes nothing yet; write a Gateway and a VirtualService of networking.istio.io';

/** Kinds that are read and validated, and change nothing yet. A kind leaves this list when it is translated. */
export const kindsWithoutEffect: readonly KindWithoutEffect[] = [
  { kind: 'AuthorizationPolicy', consequence: 'it is NOT enforced yet: nothing is denied or allowed because of it' },
  { kind: 'RequestAuthentication', consequence: 'it is NOT enforced yet: no token is checked' },
  {
    kind: 'ProxyConfig',
    consequence:
      'it holds for sidecars that are injected, and none are yet; use defaultConfig of the MeshConfig, or the annotation proxy.istio.io/config',
  },
  { kind: 'WorkloadGroup', consequence: 'no WorkloadEntry is made of it yet; write one for each workload' },
  { kind: 'KubernetesGateway', consequence: noRoute },
  { kind: 'ListenerSet', consequence: noRoute },
  { kind: 'HTTPRoute', consequence: noRoute },
  { kind: 'GRPCRoute', consequence: noRoute },
  { kind: 'TLSRoute', consequence: noRoute },
  { kind: 'TCPRoute', consequence: noRoute },
  { kind: 'BackendTLSPolicy', consequence: 'it changes no TLS settings yet; write a DestinationRule' },
];

const consequences: ReadonlyMap<string, string> = new Map(kindsWithoutEffect.map(({ kind, consequence }) => [kind, consequence]));

/** `parseObject`, with a warning for each good object, and each field of one, that has no effect: it must not be taken for one that is in force. */
export function parseWithEffect(json: unknown): ParsedObject {
  const parsed = parseObject(json);
  if (parsed.object === undefined) return parsed;
  const { kind, namespace, name, spec } = parsed.object;
  const ofFields = issuesOfFields(kind, spec, kindOf(kind)?.root === 'spec' ? ['spec'] : []);
  const remarks = [...remarksOf(kind), ...ofFields].map((issue) => ({ ...issue, object: { kind, namespace, name } }));
  return remarks.length === 0 ? parsed : { ...parsed, issues: [...parsed.issues, ...remarks] };
}

/** What is to be said of every good object of the kind. */
export function remarksOf(kind: string): readonly Issue[] {
  const consequence = consequences.get(kind);
  if (consequence === undefined) return [];
  return [{ code: issueCodes.withoutEffect, severity: 'warning', message: consequence, path: ['kind'] }];
}
