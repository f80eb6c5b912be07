import { isSet, type TextPart, text, value, when } from '../template/template.ts';

/** `-canary` where a revision is set, else nothing: what Istio puts behind the names of everything that each revision has. */
const revisionSuffix = when(isSet('revision'), text('-', value('revision')));

/** Istio's name for an object of the control plane: `istiod`, or `istiod-canary`. */
export function revisioned(name: string) {
  return text(name, revisionSuffix);
}

/** Istio's name for an object of the whole cluster: `istiod-clusterrole-istio-system`. */
export function clusterWide(name: string, ...more: readonly TextPart[]) {
  return text(name, revisionSuffix, '-', namespace, ...more);
}

export const namespace = value('global.istioNamespace');

/** The revision as labels state it. */
export const revisionLabel = when(isSet('revision'), value('revision'), 'default');

export const controlPlaneLabels = { app: 'istiod', 'istio.io/rev': revisionLabel, 'app.kubernetes.io/name': 'istiod' } as const;

/** What istiod's pods are found by; Istio's tools know the second label of the default revision. */
export const podLabels = { app: 'istiod', 'istio.io/rev': revisionLabel } as const;

/** The webhook for objects that name no revision. */
export const defaultValidator = 'istiod-default-validator';
