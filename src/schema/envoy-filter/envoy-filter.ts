/** EnvoyFilter: patches of generated Envoy configuration. */

import { list, map, object, struct, withRules } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { choice, int32, string, uint32 } from '../field/scalars.ts';
import { atMostOne } from '../parts/cel-rules.ts';
import { labelsSelector } from '../parts/labels-selector.ts';
import { policyTargetReference } from '../parts/policy-target-reference.ts';

const envoyProxyMatch = object({
  proxyVersion: string(),
  metadata: map(string()),
});
export type EnvoyProxyMatch = Infer<typeof envoyProxyMatch>;

const envoySubFilterMatch = object({
  name: string(),
});
export type EnvoySubFilterMatch = Infer<typeof envoySubFilterMatch>;

const envoyFilterMatch = object({
  name: string(),
  subFilter: envoySubFilterMatch,
});
export type EnvoyFilterMatch = Infer<typeof envoyFilterMatch>;

const envoyFilterChainMatch = object({
  name: string(),
  sni: string(),
  transportProtocol: string(),
  applicationProtocols: string(),
  filter: envoyFilterMatch,
  destinationPort: uint32(),
  transportSocket: string(),
});
export type EnvoyFilterChainMatch = Infer<typeof envoyFilterChainMatch>;

const envoyListenerMatch = object({
  portNumber: uint32(),
  portName: string(),
  filterChain: envoyFilterChainMatch,
  listenerFilter: string(),
  name: string(),
});
export type EnvoyListenerMatch = Infer<typeof envoyListenerMatch>;

const envoyRouteMatch = object({
  name: string(),
  action: choice(['ANY', 'ROUTE', 'REDIRECT', 'DIRECT_RESPONSE']),
});
export type EnvoyRouteMatch = Infer<typeof envoyRouteMatch>;

const envoyVirtualHostMatch = object({
  name: string(),
  domainName: string(),
  route: envoyRouteMatch,
});
export type EnvoyVirtualHostMatch = Infer<typeof envoyVirtualHostMatch>;

const envoyRouteConfigurationMatch = object({
  portNumber: uint32(),
  portName: string(),
  gateway: string(),
  vhost: envoyVirtualHostMatch,
  name: string(),
});
export type EnvoyRouteConfigurationMatch = Infer<typeof envoyRouteConfigurationMatch>;

const envoyClusterMatch = object({
  portNumber: uint32(),
  service: string(),
  subset: string(),
  name: string(),
});
export type EnvoyClusterMatch = Infer<typeof envoyClusterMatch>;

const waypointRouteMatch = object({
  name: string(),
});
export type WaypointRouteMatch = Infer<typeof waypointRouteMatch>;

const subFilterMatch = object({
  name: string(),
});
export type SubFilterMatch = Infer<typeof subFilterMatch>;

const waypointFilterMatch = object({
  name: string(),
  subFilter: subFilterMatch,
});
export type WaypointFilterMatch = Infer<typeof waypointFilterMatch>;

const envoyWaypointMatch = object({
  portNumber: uint32({ min: 1, max: 65535 }),
  route: waypointRouteMatch,
  filter: waypointFilterMatch,
});
export type EnvoyWaypointMatch = Infer<typeof envoyWaypointMatch>;

const envoyObjectMatch = withRules(
  object(
    {
      context: choice(['ANY', 'SIDECAR_INBOUND', 'SIDECAR_OUTBOUND', 'GATEWAY', 'WAYPOINT']),
      proxy: envoyProxyMatch,
      listener: envoyListenerMatch,
      routeConfiguration: envoyRouteConfigurationMatch,
      cluster: envoyClusterMatch,
      waypoint: envoyWaypointMatch,
    },
    { atMostOneOf: [['listener', 'routeConfiguration', 'cluster', 'waypoint']] },
  ),
  [
    {
      rule: '(has(self.context) && self.context == "WAYPOINT") == has(self.waypoint)',
      message: 'only support waypointMatch when context is WAYPOINT',
    },
  ],
);
export type EnvoyObjectMatch = Infer<typeof envoyObjectMatch>;

const envoyPatch = object({
  operation: choice([
    'INVALID',
    'MERGE',
    'ADD',
    'REMOVE',
    'INSERT_BEFORE',
    'INSERT_AFTER',
    'INSERT_FIRST',
    'REPLACE',
    'MERGE_AND_REPLACE_LIST',
  ]),
  value: struct(),
  filterClass: choice(['UNSPECIFIED', 'AUTHN', 'AUTHZ', 'STATS']),
});
export type EnvoyPatch = Infer<typeof envoyPatch>;

const envoyObjectPatch = object({
  applyTo: choice([
    'INVALID',
    'LISTENER',
    'FILTER_CHAIN',
    'NETWORK_FILTER',
    'HTTP_FILTER',
    'ROUTE_CONFIGURATION',
    'VIRTUAL_HOST',
    'HTTP_ROUTE',
    'CLUSTER',
    'EXTENSION_CONFIG',
    'BOOTSTRAP',
    'LISTENER_FILTER',
  ]),
  match: envoyObjectMatch,
  patch: envoyPatch,
});
export type EnvoyObjectPatch = Infer<typeof envoyObjectPatch>;

export const envoyFilter = withRules(
  object({
    workloadSelector: labelsSelector,
    targetRefs: list(policyTargetReference, { maxItems: 16 }),
    configPatches: list(envoyObjectPatch),
    priority: int32(),
  }),
  [atMostOne(['workloadSelector', 'targetRefs'], 'only one of targetRefs or workloadSelector can be set')],
);
export type EnvoyFilter = Infer<typeof envoyFilter>;
