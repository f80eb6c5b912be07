/** Where something runs, as Envoy's `core.Locality`. */
export interface Locality {
  readonly region: string;
  readonly zone: string;
  readonly subZone: string;
}

/** Parses `region/zone/subzone`; missing parts are empty. */
export function parseLocality(text: string): Locality {
  const [region = '', zone = '', ...rest] = text.split('/');
  return { region, zone, subZone: rest.join('/') };
}

/** Node labels that give a pod its locality (Istio `kube/controller/pod.go`). */
export const localityLabels = {
  region: 'topology.kubernetes.io/region',
  zone: 'topology.kubernetes.io/zone',
  subZone: 'topology.istio.io/subzone',
} as const;
