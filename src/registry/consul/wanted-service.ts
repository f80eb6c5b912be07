import type { ConsulMapping } from './consul-settings.ts';

/** Whether the mesh is to see a service of this name: not Consul itself, nor the proxies of its own mesh. Gateways are told by their kind. */
export function isWantedService(name: string, { hideManagement }: Pick<ConsulMapping, 'hideManagement'>): boolean {
  if (name === 'consul' || name.endsWith('-sidecar-proxy')) return false;
  return !(hideManagement && name.endsWith('-management'));
}
