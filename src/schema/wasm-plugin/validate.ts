/** Rules on a WasmPlugin beyond its structure, after Istio's ValidateWasmPlugin. */

import type { ConfigObject } from '../../model/config-object.ts';
import type { Issue } from '../../model/issue.ts';
import { checkPolicyAttachment } from '../parts/policy-attachment.ts';
import { checkModuleUrl, checkVmConfig } from '../parts/wasm-checks.ts';
import { Report } from '../report.ts';
import type { WasmPlugin } from './wasm-plugin.ts';

export function validateWasmPlugin(object: ConfigObject<WasmPlugin>): readonly Issue[] {
  const report = new Report();
  checkPolicyAttachment(object.spec, ['spec'], report);
  checkModuleUrl(object.spec.url, ['spec', 'url'], report);
  checkVmConfig(object.spec.vmConfig, ['spec', 'vmConfig'], report);
  return report.issues;
}
