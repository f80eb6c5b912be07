import type { Labels } from './labels.ts';

/** What a proxy is for: the first part of its node id. `grpc` is a proxyless gRPC client (GENERATOR=grpc). */
export type ProxyRole = 'sidecar' | 'router' | 'waypoint' | 'ztunnel' | 'grpc';

/** A connected proxy as its xDS node describes it (Istio `model.Proxy`), before anything is looked up in a registry. */
export interface Proxy {
  /** The whole node id: `sidecar~10.0.0.1~web-1.default~default.svc.cluster.local`. */
  readonly nodeId: string;
  readonly role: ProxyRole;
  /** What the node calls its cluster: on Istio `app.namespace`, the name under which tracers report it. */
  readonly serviceCluster: string;
  /** `name.namespace` of the pod. */
  readonly id: string;
  readonly namespace: string;
  /** First is the primary one. */
  readonly addresses: readonly string[];
  readonly dnsDomain: string;
  /** Labels as the node states them; the registry's labels of the pod win over these. */
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly locality: string;
  readonly network: string;
  readonly clusterId: string;
  readonly nodeName: string;
  readonly serviceAccount: string;
  readonly workloadName: string;
  readonly istioVersion: string;
  /** `1.40.0`, as the binary states it; empty where it does not. */
  readonly envoyVersion: string;
  readonly interceptionMode: 'REDIRECT' | 'TPROXY' | 'NONE';
  /** Extension names that the Envoy lists in `node.extensions`, joined facts of what it can do. */
  readonly extensions: ReadonlySet<string>;
  /** The rest of the metadata, as sent. */
  readonly metadata: Readonly<Record<string, unknown>>;
}
