/** Rules on a TrafficExtension beyond its structure, after Istio's ValidateTrafficExtension. */

import type { ConfigObject } from '../../model/config-object.ts';
import type { Issue } from '../../model/issue.ts';
import { checkPolicyAttachment } from '../parts/policy-attachment.ts';
import { checkModuleUrl, checkVmConfig } from '../parts/wasm-checks.ts';
import { Report } from '../report.ts';
import type { TrafficExtension } from './traffic-extension.ts';

export function validateTrafficExtension(object: ConfigObject<TrafficExtension>): readonly Issue[] {
  const report = new Report();
  const { wasm, lua } = object.spec;
  checkPolicyAttachment(object.spec, ['spec'], report);
  if (!wasm && !lua) report.error(['spec'], 'must have wasm or lua');
  if (wasm) {
    checkModuleUrl(wasm.url, ['spec', 'wasm', 'url'], report);
    checkVmConfig(wasm.vmConfig, ['spec', 'wasm', 'vmConfig'], report);
  }
  return report.issues;
}
