/** PeerAuthentication: which inbound traffic must be mutual TLS. */

import { map, object, withRules } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { choice } from '../field/scalars.ts';
import { workloadSelector } from '../parts/workload-selector.ts';

const mutualTls = object({
  mode: choice(['UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT']),
});
export type MutualTls = Infer<typeof mutualTls>;

export const peerAuthentication = withRules(
  object({
    selector: workloadSelector,
    mtls: mutualTls,
    portLevelMtls: withRules(map(mutualTls, { minEntries: 1 }), [
      { rule: 'self.all(port, 0 < int(port) && int(port) <= 65535)', message: 'port must be between 1-65535' },
    ]),
  }),
  [
    {
      rule: '!has(self.portLevelMtls) || (has(self.selector) && has(self.selector.matchLabels) && self.selector.matchLabels.size() > 0)',
      message: 'portLevelMtls requires selector',
    },
  ],
);
export type PeerAuthentication = Infer<typeof peerAuthentication>;
