/** Rules on a Telemetry beyond its structure, after Istio's ValidateTelemetry. */

import type { ConfigObject } from '../../model/config-object.ts';
import type { Issue } from '../../model/issue.ts';
import type { Path } from '../field/parse-context.ts';
import { wrongCel } from '../parts/cel-syntax.ts';
import { checkPolicyAttachment } from '../parts/policy-attachment.ts';
import { Report } from '../report.ts';
import type { Telemetry, TelemetryMetrics, TelemetryTracing } from './telemetry.ts';

export function validateTelemetry(object: ConfigObject<Telemetry>): readonly Issue[] {
  const report = new Report();
  const { tracing = [], metrics = [], accessLogging = [] } = object.spec;
  checkPolicyAttachment(object.spec, ['spec'], report);
  if (tracing.length > 1) report.warn(['spec', 'tracing'], 'has several entries, of which the first counts');
  for (const [i, entry] of tracing.entries()) checkTracing(entry, ['spec', 'tracing', i], report);
  for (const [i, entry] of metrics.entries()) checkMetrics(entry, ['spec', 'metrics', i], report);
  for (const [i, { filter }] of accessLogging.entries()) {
    const { expression = '' } = filter ?? {};
    const wrong = filter === undefined ? undefined : wrongCel(expression);
    if (wrong !== undefined) report.error(['spec', 'accessLogging', i, 'filter', 'expression'], wrong);
  }
  return report.issues;
}

function checkTracing(tracing: TelemetryTracing, path: Path, report: Report): void {
  if ((tracing.providers?.length ?? 0) > 1) report.warn([...path, 'providers'], 'has several entries, of which the first counts');
  for (const name in tracing.customTags) {
    if (name === '') report.error([...path, 'customTags'], 'must not have an empty name');
  }
}

function checkMetrics(metrics: TelemetryMetrics, path: Path, report: Report): void {
  for (const [i, override] of (metrics.overrides ?? []).entries()) {
    for (const name in override.tagOverrides) {
      const at = [...path, 'overrides', i, 'tagOverrides', name];
      const { operation, value } = override.tagOverrides[name]!;
      if (name === '') report.warn(at, 'has an empty name');
      if ((operation ?? 'UPSERT') === 'UPSERT' && !value) report.error([...at, 'value'], 'is required for UPSERT');
      if (operation === 'REMOVE' && value !== undefined) report.error([...at, 'value'], 'is not possible with REMOVE');
    }
  }
}
