/** What a CustomResourceDefinition says of a kind beyond its structure. */
export interface CrdTraits {
  readonly shortNames?: readonly string[];
  /** Columns that `kubectl get` shows: name and path, in this order. */
  readonly columns?: readonly (readonly [name: string, jsonPath: string])[];
  /** The version that objects are stored in; the first that is served where unset. */
  readonly storage?: string;
  /** An object without a spec is refused. */
  readonly needsSpec?: boolean;
  /** Names of fields that are taken besides those of the structure, by the path of their object and the field they stand for. */
  readonly aliases?: readonly (readonly [path: readonly string[], alias: string, field: string])[];
}

const age = ['Age', '.metadata.creationTimestamp'] as const;

/** As in Istio's own definitions, by kind: scripts read the columns, and objects of either stay readable with the other. */
export const crdTraits: Readonly<Record<string, CrdTraits>> = {
  VirtualService: { shortNames: ['vs'], columns: [['Gateways', '.spec.gateways'], ['Hosts', '.spec.hosts'], age] },
  DestinationRule: { shortNames: ['dr'], columns: [['Host', '.spec.host'], age] },
  Gateway: { shortNames: ['gw'] },
  ServiceEntry: {
    shortNames: ['se'],
    columns: [['Hosts', '.spec.hosts'], ['Location', '.spec.location'], ['Resolution', '.spec.resolution'], age],
    needsSpec: true,
  },
  WorkloadEntry: { shortNames: ['we'], columns: [age, ['Address', '.spec.address']], needsSpec: true },
  WorkloadGroup: { shortNames: ['wg'], columns: [age], needsSpec: true },
  PeerAuthentication: { shortNames: ['pa'], columns: [['Mode', '.spec.mtls.mode'], age] },
  RequestAuthentication: { shortNames: ['ra'], aliases: [[['jwtRules'], 'jwks_uri', 'jwksUri']] },
  AuthorizationPolicy: { shortNames: ['ap'], columns: [['Action', '.spec.action'], age] },
  Telemetry: { shortNames: ['telemetry'], columns: [age], storage: 'v1alpha1' },
  WasmPlugin: { columns: [age], needsSpec: true },
  TrafficExtension: { columns: [age], needsSpec: true },
};
