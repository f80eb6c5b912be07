import { parseAllDocuments } from 'yaml';
import { type ConfigObject, refOf } from '../../../src/model/config-object.ts';
import { formatIssue } from '../../../src/model/issue.ts';
import { formatRef } from '../../../src/model/object-ref.ts';
import { parseObject } from '../../../src/schema/parse-object.ts';

/** Annotations that users may not set, but objects made from other kinds bear: the suite has them in its texts. */
const reservedPrefix = 'internal.istio.io/';

export interface CaseObjects {
  readonly objects: readonly ConfigObject[];
  /** What is wrong with the texts, for whoever wonders why a case fails. */
  readonly problems: readonly string[];
}

/** The objects of a case; of one that stands there twice the first counts. */
export function caseObjects(text: string): CaseObjects {
  const objects = new Map<string, ConfigObject>();
  const problems: string[] = [];
  for (const document of parseAllDocuments(text)) {
    const json = ('toJS' in document ? document.toJS() : undefined) as { readonly metadata?: Metadata } | null | undefined;
    if (json === null || json === undefined) continue;
    const entries = Object.entries(json.metadata?.annotations ?? {});
    const isReserved = ([name]: readonly [string, string]) => name.startsWith(reservedPrefix);
    const annotations = Object.fromEntries(entries.filter((entry) => !isReserved(entry)));
    const { object, issues } = parseObject({ ...json, metadata: { ...json.metadata, annotations } });
    problems.push(...issues.map(formatIssue));
    if (object === undefined) continue;
    const complete = { ...object, annotations: { ...object.annotations, ...Object.fromEntries(entries.filter(isReserved)) } };
    const key = formatRef(refOf(complete));
    if (!objects.has(key)) objects.set(key, complete);
  }
  return { objects: [...objects.values()], problems };
}

interface Metadata {
  readonly annotations?: Readonly<Record<string, string>>;
}
