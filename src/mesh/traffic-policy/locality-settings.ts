import type { Service } from '../../model/service.ts';
import type { MeshConfig } from '../../schema/mesh-config/mesh-config.ts';
import type { LoadBalancer, LocalityLbSetting, ZoneAwareLbSetting } from './traffic-policy.ts';

/** How localities weigh in the choice of an endpoint. */
export type LocalitySettings =
  | {
      readonly kind: 'locality';
      readonly setting: LocalityLbSetting;
      /** Fail over even without outlier detection. */
      readonly forcesFailover: boolean;
    }
  | {
      readonly kind: 'zoneAware';
      readonly setting: ZoneAwareLbSetting;
      readonly isEnabled: boolean;
    };

const preferSameZone = ['topology.istio.io/network', 'topology.kubernetes.io/region', 'topology.kubernetes.io/zone'];
const preferSameNode = [...preferSameZone, 'topology.istio.io/subzone', 'kubernetes.io/hostname'];

/**
 * Which setting holds (Istio `GetEffectiveLbSetting`): that of the DestinationRule, else what the Service's
 * trafficDistribution asks for, else the mesh's; zone-aware before locality at each level. Undefined: localities do not
 * matter, which a disabled locality setting means too.
 */
export function effectiveLocalitySettings(
  mesh: MeshConfig,
  loadBalancer: LoadBalancer | undefined,
  service: Service | undefined,
): LocalitySettings | undefined {
  if (loadBalancer?.zoneAwareLbSetting) return zoneAware(loadBalancer.zoneAwareLbSetting);
  if (loadBalancer?.localityLbSetting) return locality(loadBalancer.localityLbSetting);
  if (service?.trafficDistribution !== undefined) {
    const failoverPriority = service.trafficDistribution === 'PreferSameNode' ? preferSameNode : preferSameZone;
    return { kind: 'locality', setting: { enabled: true, failoverPriority }, forcesFailover: true };
  }
  if (mesh.zoneAwareLbSetting) return zoneAware(mesh.zoneAwareLbSetting);
  return mesh.localityLbSetting ? locality(mesh.localityLbSetting) : undefined;
}

function zoneAware(setting: ZoneAwareLbSetting): LocalitySettings {
  return { kind: 'zoneAware', setting, isEnabled: setting.enabled !== false };
}

function locality(setting: LocalityLbSetting): LocalitySettings | undefined {
  return setting.enabled === false ? undefined : { kind: 'locality', setting, forcesFailover: false };
}
