type Spec = Readonly<Record<string, unknown>>;

/** One object of a random world, in one of several variants or absent. */
export interface Slot {
  /** The further cluster that it stands in; the mesh's own where there is none. */
  readonly cluster?: string;
  readonly kind: string;
  readonly apiVersion: string;
  readonly namespace: string;
  readonly name: string;
  /** Whole bodies without apiVersion, kind and metadata. */
  readonly variants: readonly Spec[];
  readonly labels?: readonly Readonly<Record<string, string>>[];
  readonly annotations?: readonly Readonly<Record<string, string>>[];
}

export const networking = 'networking.istio.io/v1';
export const inNamespaces = ['shop', 'pay', 'istio-system'] as const;

export function spec(...specs: readonly Spec[]): readonly Spec[] {
  return specs.map((one) => ({ spec: one }));
}
