import { baseTemplates, systemNamespace } from './base/base-templates.ts';
import { controlPlaneTemplates } from './control-plane/control-plane-templates.ts';
import { buildCrds } from './crds/crds.ts';
import { gatewayTemplates } from './gateway/gateway-templates.ts';
import type { Installation } from './installation.ts';
import type { KubeObject } from './kube-object.ts';
import type { ChartTemplate } from './template/chart-template.ts';
import { evaluate, holds } from './template/evaluate.ts';
import { type Values, valueAt } from './template/values.ts';

/** The objects of an installation, in the order in which they are applied. */
export interface Manifest {
  readonly crds: readonly KubeObject[];
  /** The namespaces that the rest needs. */
  readonly namespaces: readonly KubeObject[];
  readonly objects: readonly KubeObject[];
}

export function buildManifest({ base, pilot, gateways, values }: Installation): Manifest {
  const own = base || pilot ? [evaluate(systemNamespace, values) as KubeObject] : [];
  return {
    crds: base && valueAt(values, 'base.enableCRDTemplates') !== false ? buildCrds() : [],
    namespaces: own,
    objects: [
      ...(base ? filled(baseTemplates, values) : []),
      ...(pilot ? filled(controlPlaneTemplates, values) : []),
      ...gateways.flatMap((gateway) => filled(gatewayTemplates, gateway.values)),
    ],
  };
}

function filled(templates: readonly ChartTemplate[], values: Values): readonly KubeObject[] {
  return templates.flatMap(({ object, only }) =>
    only === undefined || holds(only, values) ? [evaluate(object, values) as KubeObject] : [],
  );
}

/** Every object of a manifest in the order in which it is applied. */
export function allObjects({ crds, namespaces, objects }: Manifest): readonly KubeObject[] {
  return [...crds, ...namespaces, ...objects];
}
