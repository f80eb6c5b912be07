/** One collection of an API server, or the part of it that is read. */
export interface KubeResource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  /** The `kind` of its objects: lists leave it out. */
  readonly kind: string;
  /** All namespaces where unset. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** The API server sends nothing but `metadata` of each object. */
  readonly isMetadataOnly?: boolean;
}

const partial = (name: string) => `application/json;as=${name};g=meta.k8s.io;v=v1`;

/** In which form a list is asked for. */
export function acceptOfList({ isMetadataOnly }: KubeResource): { readonly accept?: string } {
  return isMetadataOnly === true ? { accept: partial('PartialObjectMetadataList') } : {};
}

/** In which form the objects of a watch are asked for. */
export function acceptOfWatch({ isMetadataOnly }: KubeResource): { readonly accept?: string } {
  return isMetadataOnly === true ? { accept: partial('PartialObjectMetadata') } : {};
}

/** `/apis/networking.istio.io/v1/namespaces/shop/gateways`. */
export function resourcePath({ group, version, plural, namespace }: KubeResource): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return `${root}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${plural}`;
}

/** `networking.istio.io/v1`. */
export function resourceApiVersion({ group, version }: KubeResource): string {
  return group === '' ? version : `${group}/${version}`;
}

export function selectorsOf({ labelSelector, fieldSelector }: KubeResource): Readonly<Record<string, string>> {
  return { ...(labelSelector === undefined ? {} : { labelSelector }), ...(fieldSelector === undefined ? {} : { fieldSelector }) };
}
