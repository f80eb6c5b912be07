/** Rules on annotations that hold for every Istio kind. */

import type { ConfigObject } from '../model/config-object.ts';
import type { Issue } from '../model/issue.ts';
import { isJsonObject } from './field/free-json.ts';
import { Report } from './report.ts';

/** Annotations that Istio reserves: the first two would lend an object somebody else's identity. */
const reserved = ['internal.istio.io/parents', 'internal.istio.io/parent-namespace', 'internal.istio.io/webhook-always-reject'];

const dryRun = 'istio.io/dry-run';

/** What Go's strconv.ParseBool takes. */
const boolTexts = ['1', 't', 'T', 'TRUE', 'true', 'True', '0', 'f', 'F', 'FALSE', 'false', 'False'];

export function validateAnnotations(object: ConfigObject): readonly Issue[] {
  const report = new Report();
  for (const name of reserved) {
    if (object.annotations[name] !== undefined) report.error(['metadata', 'annotations', name], 'may not be set by users');
  }
  const value = object.annotations[dryRun];
  if (value !== undefined) checkDryRun(object, value, report);
  return report.issues;
}

function checkDryRun(object: ConfigObject, value: string, report: Report): void {
  const path = ['metadata', 'annotations', dryRun];
  if (object.kind !== 'AuthorizationPolicy') {
    report.error(path, 'is for AuthorizationPolicy only', 'remove the annotation');
    return;
  }
  const action = isJsonObject(object.spec) && typeof object.spec['action'] === 'string' ? object.spec['action'] : 'ALLOW';
  if (action !== 'ALLOW' && action !== 'DENY') report.error(path, `works with the actions ALLOW and DENY, not ${action}`);
  else if (!boolTexts.includes(value)) report.error(path, 'must be "true" or "false"');
}
