/** Rules on `exportTo`, after Istio's validateExportTo. */

import type { Path } from '../field/parse-context.ts';
import type { Report } from '../report.ts';
import { isDnsLabel } from './host-checks.ts';

interface ExportToContext {
  /** Namespace of the object, for which `.` stands. */
  readonly namespace: string;
  /** Whether `~`, nobody, is a choice: for ServiceEntry. */
  readonly allowsNone?: boolean;
  /** A DestinationRule with a workload selector stays in its namespace. */
  readonly onlyOwnNamespace?: boolean;
}

export function checkExportTo(exportTo: readonly string[] | undefined, path: Path, context: ExportToContext, report: Report): void {
  if (!exportTo || exportTo.length === 0) return;
  const seen = new Set<string>();
  for (const [i, entry] of exportTo.entries()) {
    const namespace = entry === '.' ? context.namespace : entry;
    if (seen.has(namespace)) report.error([...path, i], entry === namespace ? `repeats "${entry}"` : 'repeats the own namespace');
    seen.add(namespace);
    const known = namespace === '*' || (namespace === '~' && context.allowsNone) || isDnsLabel(namespace);
    if (!known) report.error([...path, i], `must be ".", "*"${context.allowsNone ? ', "~"' : ''} or a namespace, not "${entry}"`);
  }
  if (exportTo.length > 1 && seen.has('*')) report.error(path, 'must not have other entries beside "*"');
  if (exportTo.length > 1 && seen.has('~')) report.error(path, 'must not have other entries beside "~"');
  if (context.onlyOwnNamespace && (seen.size > 1 || !seen.has(context.namespace))) {
    report.error(path, 'may name the own namespace only, because the rule has a workloadSelector');
  }
}
