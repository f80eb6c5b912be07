/** Rules on a ListenerSet beyond its structure. */

import type { ConfigObject } from '../../model/config-object.ts';
import type { Issue } from '../../model/issue.ts';
import { checkListeners } from '../parts/gateway-api-checks.ts';
import { Report } from '../report.ts';
import type { ListenerSet } from './listener-set.ts';

export function validateListenerSet(object: ConfigObject<ListenerSet>): readonly Issue[] {
  const report = new Report();
  checkListeners(object.spec.listeners, ['spec', 'listeners'], report);
  return report.issues;
}
