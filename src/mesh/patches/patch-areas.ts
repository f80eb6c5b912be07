import type { ProxyRole } from '../../model/proxy.ts';
import type { EnvoyObjectPatch } from '../../schema/envoy-filter/envoy-filter.ts';

/** The parts of a proxy's configuration that are patched apart from each other: what no patch looks at stays shared. */
export const patchAreas = ['inboundClusters', 'outboundClusters', 'inboundListeners', 'outboundListeners', 'routes', 'extensions'] as const;
export type PatchArea = (typeof patchAreas)[number];

/** By area the patches that apply, in order: `namespace/name:0.2;namespace/other:1`. An area without patches is absent. */
export type ProxyPatches = Partial<Readonly<Record<PatchArea, string>>> & {
  /** Those of `routes` can be applied to each virtual host by itself (`leavesHostsAlone`). */
  readonly areHostsAlone?: true;
};

const listenerTargets: ReadonlySet<string | undefined> = new Set([
  'LISTENER',
  'FILTER_CHAIN',
  'NETWORK_FILTER',
  'HTTP_FILTER',
  'LISTENER_FILTER',
]);
const routeTargets: ReadonlySet<string | undefined> = new Set(['ROUTE_CONFIGURATION', 'VIRTUAL_HOST', 'HTTP_ROUTE']);

/**
 * What of a proxy a patch may touch. Route tables of inbound chains stand inside their listeners. Extension configurations
 * have no context (Istio `InsertedExtensionConfigurations`).
 */
export function areasOf({ applyTo, match }: EnvoyObjectPatch, role: ProxyRole): readonly PatchArea[] {
  if (role !== 'sidecar' && role !== 'router') return [];
  if (applyTo === 'EXTENSION_CONFIG') return ['extensions'];
  const context = match?.context ?? 'ANY';
  const isInbound = role === 'sidecar' && (context === 'ANY' || context === 'SIDECAR_INBOUND');
  const isOutbound = context === 'ANY' || context === (role === 'router' ? 'GATEWAY' : 'SIDECAR_OUTBOUND');
  const pick = (inbound: PatchArea, outbound: PatchArea) => [...(isInbound ? [inbound] : []), ...(isOutbound ? [outbound] : [])];
  if (applyTo === 'CLUSTER') return pick('inboundClusters', 'outboundClusters');
  if (listenerTargets.has(applyTo)) return pick('inboundListeners', 'outboundListeners');
  return routeTargets.has(applyTo) ? pick('inboundListeners', 'routes') : [];
}
