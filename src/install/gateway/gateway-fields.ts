import { map, object, struct } from '../../schema/field/composites.ts';
import type { Field } from '../../schema/field/field.ts';
import { bool, int, string } from '../../schema/field/scalars.ts';
import { gatewayTable, globalTable } from '../values/value-table.ts';
import { withoutEffect } from '../values/values-without-effect.ts';

type Fields = Readonly<Record<string, Field>>;

const percent = int({ min: 0, max: 100 });
const service = ['type', 'ports', 'loadBalancerIP', 'loadBalancerSourceRanges', 'externalTrafficPolicy', 'externalIPs'];
const same = [
  'replicaCount',
  'rollingMaxSurge',
  'rollingMaxUnavailable',
  'resources',
  'env',
  'podAnnotations',
  'terminationGracePeriodSeconds',
  'nodeSelector',
  'affinity',
  'tolerations',
  'topologySpreadConstraints',
];

/** The values of the chart `gateway`, as `chartValues` makes them of an installation's. */
export const gatewayFields: Fields = {
  name: string(),
  namespace: string(),
  labels: map(string()),
  revision: string(),
  global: globalTable,
  ...ofInstallation(same),
  autoscaling: object({
    enabled: bool(),
    minReplicas: int({ min: 1, max: 1000 }),
    maxReplicas: int({ min: 1, max: 1000 }),
    targetCPUUtilizationPercentage: percent,
    targetMemoryUtilizationPercentage: percent,
    autoscaleBehavior: struct(),
    ...withoutEffect.gatewayAutoscaling,
  }),
  service: object({ ...ofInstallation(service), annotations: map(string()), ...withoutEffect.gatewayService }),
  ...withoutEffect.gatewayChart,
};

/** Fields that a gateway has under the same names in an installation's values. */
function ofInstallation(names: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(gatewayTable.fields).filter(([name]) => names.includes(name)));
}
