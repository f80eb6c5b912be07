import type { FilterChain } from '../../envoy/generated/envoy/config/listener/v3/FilterChain.ts';
import type { Any } from '../../envoy/generated/google/protobuf/Any.ts';
import { testSettings } from '../../mesh/routing/routing-fixtures.ts';
import type { InboundScope } from '../../mesh/scope.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import { telemetryOfMesh } from '../../mesh/telemetry/telemetry-fixtures.ts';
import type { MeshConfig } from '../../schema/mesh-config/mesh-config.ts';
import { sidecarScope } from '../routes/route-fixtures.ts';
import type { OutboundWorld } from './outbound-entry.ts';

/** Data that tests of listeners start from. */

export function settingsWith(config: MeshConfig, flags: Partial<MeshSettings['flags']> = {}): MeshSettings {
  return { ...testSettings, config, flags: { ...testSettings.flags, ...flags } };
}

export const inboundScope: InboundScope = { ...sidecarScope, address: '10.1.1.1', workloadLabels: { app: 'web' }, targets: [] };

export function outboundContext(settings: MeshSettings = testSettings): OutboundWorld['context'] {
  return { class: 'sidecar-outbound', scope: sidecarScope, settings, telemetry: telemetryOfMesh(settings.config) };
}

export function outboundWorld(more: Partial<OutboundWorld> = {}): OutboundWorld {
  return {
    context: outboundContext(),
    findService: () => undefined,
    findRule: () => undefined,
    ...more,
  };
}

/** A chain as one line: what it matches, whether TLS ends there, and its last filter with where that leads. */
export function describeChain({ name, filter_chain_match: match, transport_socket: tls, filters }: FilterChain): string {
  const parts = [
    ...(match?.destination_port ? [`port ${match.destination_port.value}`] : []),
    ...(match?.prefix_ranges ?? []).map((range) => `to ${range.address_prefix}/${range.prefix_len?.value}`),
    ...(match?.transport_protocol ? [match.transport_protocol] : []),
    ...(match?.server_names ? [`for ${match.server_names.join(' ')}`] : []),
    ...(match?.application_protocols ? [match.application_protocols.join(' ')] : []),
  ];
  const last = filters?.at(-1);
  return `${name ? `${name}: ` : ''}${parts.join(', ') || 'any'}${tls ? ' (ends TLS)' : ''} -> ${target(last?.typed_config)}`;
}

function target(config: Any | null | undefined): string {
  const fields = (config ?? {}) as Readonly<Record<string, unknown>>;
  const cluster = fields['cluster'] as string | undefined;
  const rds = fields['rds'] as { route_config_name: string } | undefined;
  const inline = fields['route_config'] as { name: string } | undefined;
  if (cluster !== undefined) return cluster;
  if (fields['weighted_clusters'] !== undefined) return 'weighted';
  return `http ${rds?.route_config_name ?? `inline ${inline?.name}`}`;
}
