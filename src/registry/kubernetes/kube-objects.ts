/**
 * The fields of Kubernetes objects that the registry reads. Structural, so that a schema, a file and the API server's own
 * types all fit; everything may be absent because files are written by hand.
 */
type Maybe<T> = T | undefined;

export interface KubeServicePort {
  readonly name?: Maybe<string>;
  readonly port: number;
  readonly protocol?: Maybe<string>;
  readonly appProtocol?: Maybe<string>;
  readonly targetPort?: Maybe<number | string>;
  readonly nodePort?: Maybe<number>;
}

export interface KubeService {
  readonly spec?: Maybe<{
    readonly type?: Maybe<string>;
    readonly clusterIP?: Maybe<string>;
    readonly clusterIPs?: Maybe<readonly string[]>;
    readonly externalIPs?: Maybe<readonly string[]>;
    readonly externalName?: Maybe<string>;
    readonly ports?: Maybe<readonly KubeServicePort[]>;
    readonly selector?: Maybe<Readonly<Record<string, string>>>;
    readonly internalTrafficPolicy?: Maybe<string>;
    readonly trafficDistribution?: Maybe<string>;
    readonly publishNotReadyAddresses?: Maybe<boolean>;
  }>;
  readonly status?: Maybe<{
    readonly loadBalancer?: Maybe<{
      readonly ingress?: Maybe<readonly { readonly ip?: Maybe<string>; readonly hostname?: Maybe<string> }[]>;
    }>;
  }>;
}

export interface KubeSliceConditions {
  readonly ready?: Maybe<boolean>;
  readonly serving?: Maybe<boolean>;
  readonly terminating?: Maybe<boolean>;
}

export interface KubeSliceEndpoint {
  readonly addresses?: Maybe<readonly string[]>;
  readonly conditions?: Maybe<KubeSliceConditions>;
  readonly targetRef?: Maybe<{
    readonly kind?: Maybe<string>;
    readonly name?: Maybe<string>;
    readonly namespace?: Maybe<string>;
  }>;
}

export interface KubeEndpointSlice {
  readonly addressType?: Maybe<string>;
  readonly endpoints?: Maybe<readonly KubeSliceEndpoint[]>;
  readonly ports?: Maybe<readonly { readonly name?: Maybe<string>; readonly port?: Maybe<number> }[]>;
}

export interface KubeContainer {
  readonly restartPolicy?: Maybe<string>;
  readonly ports?: Maybe<readonly { readonly name?: Maybe<string>; readonly containerPort: number; readonly protocol?: Maybe<string> }[]>;
}

export interface KubePod {
  readonly spec?: Maybe<{
    readonly nodeName?: Maybe<string>;
    readonly serviceAccountName?: Maybe<string>;
    readonly hostname?: Maybe<string>;
    readonly subdomain?: Maybe<string>;
    readonly containers?: Maybe<readonly KubeContainer[]>;
    readonly initContainers?: Maybe<readonly KubeContainer[]>;
  }>;
  readonly status?: Maybe<{
    readonly phase?: Maybe<string>;
    readonly podIP?: Maybe<string>;
    readonly podIPs?: Maybe<readonly { readonly ip?: Maybe<string> }[]>;
    readonly conditions?: Maybe<readonly { readonly type?: Maybe<string>; readonly status?: Maybe<string> }[]>;
  }>;
}

export interface KubeNode {
  readonly status?: Maybe<{
    readonly addresses?: Maybe<readonly { readonly type?: Maybe<string>; readonly address?: Maybe<string> }[]>;
  }>;
}
