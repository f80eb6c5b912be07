import type { ConfigObject } from '../../model/config-object.ts';
import type { Ingress, IngressClass } from '../../schema/kubernetes/ingress.ts';
import type { MeshConfig } from '../../schema/mesh-config/mesh-config.ts';

const classAnnotation = 'kubernetes.io/ingress.class';
const ourController = 'istio.io/ingress-controller';

/**
 * Whether an Ingress is for the mesh (Istio `shouldProcessIngressWithClass`): by its annotation, else by its IngressClass, else
 * only where the mesh takes what nobody else is named for (`ingressControllerMode: DEFAULT`).
 */
export function isSupportedIngress(ingress: ConfigObject<Ingress>, ingressClass: IngressClass | undefined, mesh: MeshConfig): boolean {
  const mode = mesh.ingressControllerMode ?? 'STRICT';
  if (mode !== 'STRICT' && mode !== 'DEFAULT') return false;
  const stated = ingress.annotations[classAnnotation];
  if (stated !== undefined) return stated === (mesh.ingressClass ?? 'istio');
  if (ingressClass !== undefined) return ingressClass.spec?.controller === ourController;
  return mode === 'DEFAULT';
}
