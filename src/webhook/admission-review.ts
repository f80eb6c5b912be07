import { isJsonObject } from '../schema/field/free-json.ts';

/** What the API server asks, as far as a decision needs it (`admission.k8s.io`, v1 and v1beta1). */
export interface AdmissionRequest {
  readonly apiVersion: string;
  readonly uid: string;
  readonly operation: string;
  /** Empty where the object itself is written. */
  readonly subResource: string;
  readonly namespace: string;
  readonly resource: AdmissionResource;
  /** Absent for DELETE and CONNECT. */
  readonly object: Readonly<Record<string, unknown>> | undefined;
}

/** The resource by which Istio's metrics count. */
export interface AdmissionResource {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

export interface AdmissionAnswer {
  readonly uid: string;
  readonly apiVersion: string;
  readonly allowed: boolean;
  /** Why not. */
  readonly message?: string;
  /** Shown to whoever wrote the object; the API server cuts off what is beyond 4096 characters together. */
  readonly warnings?: readonly string[];
}

/** Reads a review; a text where it is none. */
export function readAdmissionReview(json: unknown): AdmissionRequest | string {
  if (!isJsonObject(json) || json['kind'] !== 'AdmissionReview') return 'the body is no AdmissionReview';
  const { apiVersion, request } = json;
  if (typeof apiVersion !== 'string' || !/^admission\.k8s\.io\/v1(beta1)?$/.test(apiVersion))
    return 'only admission.k8s.io/v1 and v1beta1 are understood';
  if (!isJsonObject(request) || typeof request['uid'] !== 'string') return 'the AdmissionReview has no request with a uid';
  const resource = isJsonObject(request['resource']) ? request['resource'] : {};
  return {
    apiVersion,
    uid: request['uid'],
    operation: text(request['operation']),
    subResource: text(request['subResource']),
    namespace: text(request['namespace']),
    resource: { group: text(resource['group']), version: text(resource['version']), resource: text(resource['resource']) },
    object: isJsonObject(request['object']) ? request['object'] : undefined,
  };
}

/** The body to answer with. A refusal states 422 and reason Invalid, as the API server's own validation does. */
export function admissionReviewBody({ uid, apiVersion, allowed, message, warnings = [] }: AdmissionAnswer): string {
  const status = allowed ? {} : { status: { status: 'Failure', code: 422, reason: 'Invalid', message } };
  return JSON.stringify({
    apiVersion,
    kind: 'AdmissionReview',
    response: { uid, allowed, ...status, ...(warnings.length > 0 && { warnings }) },
  });
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
