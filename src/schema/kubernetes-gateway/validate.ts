/** Rules on a Gateway of the Gateway API beyond its structure. */

import type { ConfigObject } from '../../model/config-object.ts';
import type { Issue } from '../../model/issue.ts';
import { checkListeners } from '../parts/gateway-api-checks.ts';
import { Report } from '../report.ts';
import type { KubernetesGateway } from './kubernetes-gateway.ts';

export function validateKubernetesGateway(object: ConfigObject<KubernetesGateway>): readonly Issue[] {
  const report = new Report();
  checkListeners(object.spec.listeners, ['spec', 'listeners'], report);
  return report.issues;
}
