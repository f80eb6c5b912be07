/** Rules on the names of gateways in a VirtualService: `namespace/name`, `name`, or `mesh`. */

import type { Path } from '../field/parse-context.ts';
import { isDnsLabel, wrongFqdn } from '../parts/host-checks.ts';
import type { Report } from '../report.ts';

export function checkGatewayNames(names: readonly string[] | undefined, path: Path, report: Report): void {
  for (const [i, name] of (names ?? []).entries()) {
    const at = [...path, i];
    const slash = name.indexOf('/');
    if (slash < 0) {
      const [gateway, namespace] = name.split('.');
      if (namespace !== undefined) report.warn(at, 'uses the old form name.namespace', `use ${namespace}/${gateway}`);
      const wrong = wrongFqdn(name);
      if (wrong !== undefined) report.error(at, wrong);
    } else if (!isDnsLabel(name.slice(0, slash)) || !isDnsLabel(name.slice(slash + 1))) {
      report.error(at, `must have the form namespace/name, not "${name}"`);
    }
  }
}
