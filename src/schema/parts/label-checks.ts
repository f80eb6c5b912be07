/** Rules on labels and on selectors of workloads. */

import type { Path } from '../field/parse-context.ts';
import type { Report } from '../report.ts';
import type { LabelsSelector } from './labels-selector.ts';
import type { WorkloadSelector } from './workload-selector.ts';

const labelKey =
  /^([a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?)*\/)?((?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$/;
const labelValue = /^((?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

/** Kubernetes' rules for keys and values of labels. */
export function checkLabels(labels: Readonly<Record<string, string>> | undefined, path: Path, report: Report): void {
  for (const key in labels) {
    const match = key.length <= 320 ? labelKey.exec(key) : null;
    const fits = match && (match[1]?.length ?? 0) <= 254 && match[2]!.length <= 63;
    if (!fits)
      report.error([...path, key], 'must be a label key: letters, digits, "-", "_" and ".", optionally after a DNS name and a slash');
    const value = labels[key]!;
    if (value.length > 1024 || !labelValue.test(value))
      report.error([...path, key], 'must be a label value: letters, digits, "-", "_" and "."');
  }
}

export function checkWorkloadSelector(selector: WorkloadSelector | undefined, path: Path, report: Report): void {
  if (selector) checkSelected(selector.matchLabels, [...path, 'matchLabels'], 'selects every workload of the namespace', report);
}

export function checkLabelsSelector(selector: LabelsSelector | undefined, path: Path, report: Report): void {
  if (selector) checkSelected(selector.labels, [...path, 'labels'], 'selects every workload of the namespace', report);
}

function checkSelected(labels: Readonly<Record<string, string>> | undefined, path: Path, effect: string, report: Report): void {
  let count = 0;
  for (const key in labels) {
    count++;
    if (key === '') report.error(path, 'must not have an empty key');
    if (key.includes('*') || labels[key]!.includes('*')) report.error([...path, key], 'must not have a wildcard');
  }
  if (count === 0) report.warn(path.slice(0, -1), `has no labels and ${effect}`);
}
