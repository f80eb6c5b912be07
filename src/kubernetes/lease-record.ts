/** A `coordination.k8s.io/v1` Lease, as far as electing a leader needs it. */
export interface LeaseRecord {
  /** Who leads; empty once it has let go. */
  readonly holder: string;
  /** The holder's revision, under the annotation that Istio uses for it. */
  readonly holderKey: string;
  /** A candidate that comes first by its revision and asks the holder to let go; empty where there is none. */
  readonly wantedBy: string;
  readonly durationMs: number;
  /** Times at which it was taken over and last renewed, as the holder's wall clock says: for people, never compared with another clock. */
  readonly acquireTime: string;
  readonly renewTime: string;
  readonly transitions: number;
}

/** A record together with what an update of it has to state. */
export interface StoredLease {
  readonly record: LeaseRecord;
  readonly resourceVersion: string;
  /** Annotations of others, kept as they are. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** Istio's (`k8sresourcelock.LeaseHolderKey`): its replicas read who holds a lock that is ordered by revision. */
const holderKeyAnnotation = 'leader.istio.io/holder-key';
const wantedByAnnotation = 'leader.coxswain.io/wanted-by';

interface LeaseJson {
  readonly metadata?: { readonly resourceVersion?: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec?: {
    readonly holderIdentity?: string;
    readonly leaseDurationSeconds?: number;
    readonly acquireTime?: string;
    readonly renewTime?: string;
    readonly leaseTransitions?: number;
  };
}

/** Reads what the API server answered; absent fields count as never held. */
export function readLease(json: unknown): StoredLease {
  const { metadata = {}, spec = {} } = json as LeaseJson;
  const { [holderKeyAnnotation]: holderKey = '', [wantedByAnnotation]: wantedBy = '', ...annotations } = metadata.annotations ?? {};
  return {
    resourceVersion: metadata.resourceVersion ?? '',
    annotations,
    record: {
      holder: spec.holderIdentity ?? '',
      holderKey,
      wantedBy,
      durationMs: (spec.leaseDurationSeconds ?? 0) * 1000,
      acquireTime: spec.acquireTime ?? '',
      renewTime: spec.renewTime ?? '',
      transitions: spec.leaseTransitions ?? 0,
    },
  };
}

/** The body of a create (without `stored`), or of an update that fails with Conflict where somebody else was faster. */
export function leaseBody(namespace: string, name: string, record: LeaseRecord, stored?: StoredLease): object {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name,
      namespace,
      annotations: {
        ...stored?.annotations,
        ...(record.holderKey !== '' && { [holderKeyAnnotation]: record.holderKey }),
        ...(record.wantedBy !== '' && { [wantedByAnnotation]: record.wantedBy }),
      },
      ...(stored && { resourceVersion: stored.resourceVersion }),
    },
    spec: {
      holderIdentity: record.holder,
      leaseDurationSeconds: Math.max(1, Math.ceil(record.durationMs / 1000)),
      acquireTime: record.acquireTime,
      renewTime: record.renewTime,
      leaseTransitions: record.transitions,
    },
  };
}

/** The API server's MicroTime. */
export function microTime(nowMs: number): string {
  return new Date(nowMs).toISOString().replace('Z', '000Z');
}
