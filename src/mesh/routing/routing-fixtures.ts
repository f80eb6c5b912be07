import type { ConfigObject } from '../../model/config-object.ts';
import type { VirtualService } from '../../schema/virtual-service/virtual-service.ts';
import { defaultFeatureFlags } from '../feature-flags.ts';
import type { MeshSettings } from '../settings.ts';
import { resolveVirtualService } from './resolve-virtual-service.ts';
import type { ResolvedVirtualService } from './resolved-virtual-service.ts';

/** Data that tests of routing start from. */

export const testSettings: MeshSettings = {
  config: { outboundTrafficPolicy: { mode: 'ALLOW_ANY' } },
  flags: defaultFeatureFlags,
  domainSuffix: 'cluster.local',
  rootNamespace: 'istio-system',
  trustDomain: 'cluster.local',
};

export interface TestMeta {
  readonly name?: string;
  readonly namespace?: string;
  readonly createdAt?: number;
  readonly annotations?: Readonly<Record<string, string>>;
}

export function virtualServiceObject(spec: VirtualService, meta: TestMeta = {}): ConfigObject<VirtualService> {
  return {
    kind: 'VirtualService',
    apiVersion: 'networking.istio.io/v1beta1',
    name: meta.name ?? 'vs',
    namespace: meta.namespace ?? 'default',
    labels: {},
    annotations: meta.annotations ?? {},
    createdAt: meta.createdAt ?? 0,
    spec,
  };
}

export function virtualService(spec: VirtualService, meta?: TestMeta): ResolvedVirtualService {
  return resolveVirtualService(virtualServiceObject(spec, meta), testSettings);
}

export const gatewaySemantics = { 'internal.istio.io/route-semantics': 'gateway' } as const;
