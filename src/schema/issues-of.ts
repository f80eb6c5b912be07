/** For tests: what is said about an object of a kind, one line per issue. */

import { formatPath } from '../model/issue.ts';
import { apiVersionOf, kindOf } from './kinds.ts';
import { parseObject } from './parse-object.ts';

/** `error spec.host: must not be empty`; hints follow in parentheses. The object is `ns/test` unless metadata says otherwise. */
export function issuesOf(kindName: string, spec: unknown, metadata: object = {}): string[] {
  const kind = kindOf(kindName);
  if (!kind) throw new Error(`no kind ${kindName}`);
  const { issues } = parseObject({
    apiVersion: apiVersionOf(kind),
    kind: kind.documentKind,
    metadata: { name: 'test', namespace: 'ns', ...metadata },
    spec,
  });
  return issues.map((i) => `${i.severity} ${formatPath(i.path ?? [])}: ${i.message}${i.hint === undefined ? '' : ` (${i.hint})`}`);
}
