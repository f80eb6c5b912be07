import type { Metadata } from '../../envoy/generated/envoy/config/core/v3/Metadata.ts';
import type { ClusterLoadAssignment } from '../../envoy/generated/envoy/config/endpoint/v3/ClusterLoadAssignment.ts';
import type { LbEndpoint } from '../../envoy/generated/envoy/config/endpoint/v3/LbEndpoint.ts';
import type { LocalityLbEndpoints } from '../../envoy/generated/envoy/config/endpoint/v3/LocalityLbEndpoints.ts';
import type { Place } from '../step.ts';

/** One endpoint of a load assignment. */
export interface Host {
  readonly address: string;
  readonly weight: number;
  readonly priority: number;
  readonly locality: string;
  readonly health: 'healthy' | 'degraded' | 'unhealthy';
  /** As it is written. */
  readonly status: string;
  readonly metadata: Metadata | null | undefined;
  readonly path: Place['path'];
}

export interface LocalityHosts {
  readonly weight: number;
  readonly hosts: readonly Host[];
}

/** The hosts of each priority by locality. */
export function hostsOf({ endpoints = [] }: ClusterLoadAssignment): readonly (readonly LocalityHosts[])[] {
  const levels: LocalityHosts[][] = [];
  for (const [index, group] of endpoints.entries()) {
    const priority = group.priority ?? 0;
    while (levels.length <= priority) levels.push([]);
    const hosts = (group.lb_endpoints ?? []).map((endpoint, position) =>
      hostOf(endpoint, group, ['endpoints', index, 'lb_endpoints', position]),
    );
    levels[priority]?.push({ weight: group.load_balancing_weight?.value ?? 0, hosts });
  }
  return levels;
}

function hostOf(
  { endpoint, health_status, load_balancing_weight, metadata }: LbEndpoint,
  group: LocalityLbEndpoints,
  path: Place['path'],
): Host {
  const { socket_address: socket, pipe } = endpoint?.address ?? {};
  const host = socket?.address ?? '';
  const text = `${host.includes(':') ? `[${host}]` : host}:${socket?.port_value ?? 0}`;
  const { region, zone, sub_zone } = group.locality ?? {};
  const status = String(health_status ?? 'UNKNOWN');
  return {
    address: pipe?.path ?? text,
    weight: load_balancing_weight?.value ?? 1,
    priority: group.priority ?? 0,
    locality: [region, zone, sub_zone].filter((part) => part !== undefined && part !== '').join('/'),
    health: status === 'HEALTHY' || status === 'UNKNOWN' ? 'healthy' : status === 'DEGRADED' ? 'degraded' : 'unhealthy',
    status,
    metadata,
    path,
  };
}
