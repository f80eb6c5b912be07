import type { KubeObject } from '../kube-object.ts';

/** Labels on everything that `coxswain install` makes, by which it finds it again. */
export const revisionKey = 'install.coxswain.io/revision';
/** Which installation of the revision: what it made and no longer lists is removed. */
export const ownerKey = 'install.coxswain.io/owner';
/** On definitions and namespaces, which revisions share. */
export const sharedKey = 'install.coxswain.io/shared';

export interface Owner {
  readonly revision: string;
  readonly owner: string;
}

export function withLabels(object: KubeObject, labels: Readonly<Record<string, string>>): KubeObject {
  return { ...object, metadata: { ...object.metadata, labels: { ...object.metadata.labels, ...labels } } };
}

export function owned(object: KubeObject, { revision, owner }: Owner): KubeObject {
  return withLabels(object, { [revisionKey]: revision, [ownerKey]: owner });
}
