import type { Part } from '../../incremental/layered-union.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import type { Service } from '../../model/service.ts';
import type { InstanceOrigin } from '../augment-labels.ts';

/** The registry behind a part, as far as merging looks at it. */
export interface MergeLayer {
  readonly registry: InstanceOrigin;
}

/** What the registries say of one `namespace/hostname`, strongest first. */
export type ServiceParts = readonly Part<MergeLayer, Service>[];
export type EndpointParts = readonly Part<MergeLayer, readonly Endpoint[]>[];

/** Neither Kubernetes nor configuration: its services are merged with those of everybody, by rules of our own. */
export function isLive({ registry }: MergeLayer): boolean {
  return registry.provider !== 'Kubernetes' && registry.provider !== 'External';
}

/** `provider/id`, the key of a shard: what conditions and `sources` of endpoints name. */
export function shardName({ registry }: MergeLayer): string {
  return `${registry.provider}/${registry.id}`;
}
