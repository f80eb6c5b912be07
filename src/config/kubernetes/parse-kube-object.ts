import type { KubeObject } from '../../kubernetes/list-watch/kube-object.ts';
import type { ConfigObject } from '../../model/config-object.ts';
import type { Issue } from '../../model/issue.ts';
import type { ParsedObject } from '../../schema/parse-object.ts';

/** What a list-watch keeps of an object until it is handed over. */
export interface ReadObject {
  /** Absent where it has errors. */
  readonly object?: ConfigObject;
  readonly issues: readonly Issue[];
}

/** Of other kinds the status is what controllers say, not what users want: whatever is written there changes nothing here. */
const kindsWithStatus: ReadonlySet<string> = new Set(['WorkloadEntry']);

export function parseKubeObject(raw: KubeObject, parseObject: (json: unknown) => ParsedObject): ReadObject {
  const { object, issues } = parseObject(raw);
  if (object === undefined || object.status === undefined || kindsWithStatus.has(object.kind))
    return { ...(object ? { object } : {}), issues };
  const { status: _, ...rest } = object;
  return { object: rest, issues };
}
