import { compareText } from '../../model/config-object.ts';
import type { Kind } from '../../schema/kind.ts';
import { kinds } from '../../schema/kinds.ts';
import { ownKinds } from '../crds/crds.ts';
import type { TemplateObject } from '../template/template.ts';

/** A rule of a Role: these verbs on these resources of one group. */
export interface RbacRule {
  readonly apiGroups: readonly [string];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

const read = ['get', 'list', 'watch'] as const;

/** Kinds that are read in the control plane's own namespace alone: what is in others is nobody's business but theirs. */
const ownNamespaceOnly: readonly string[] = ['Secret', 'ConfigMap'];
/** Kinds that are read from files, not from API servers. */
const notRead: readonly string[] = ['ServiceAccount'];

/** Reading every kind of configuration and of workloads in the whole cluster, and writing the status of Istio's kinds. */
export function clusterRules(): readonly RbacRule[] {
  const isRead = ({ kind }: Kind) => !ownNamespaceOnly.includes(kind) && !notRead.includes(kind);
  return [...rulesFor(kinds.filter(isRead), read), ...rulesFor(ownKinds, ['patch', 'update'], '/status')];
}

/** What a cluster lets the control plane of another cluster read: its workloads. */
export function readerRules(): readonly RbacRule[] {
  const names = ['Service', 'EndpointSlice', 'Pod', 'Node', 'Namespace'];
  return rulesFor(
    kinds.filter(({ kind }) => names.includes(kind)),
    read,
  );
}

function rulesFor(some: readonly Kind[], verbs: readonly string[], subresource = ''): readonly RbacRule[] {
  const groups = [...new Set(some.map((kind) => kind.group))].sort(compareText);
  return groups.map((group) => {
    const resources = some.filter((kind) => kind.group === group).map((kind) => `${kind.plural}${subresource}`);
    return { apiGroups: [group], resources: [...new Set(resources)].sort(compareText), verbs };
  });
}

/** In the control plane's own namespace: the mesh's settings, kubeconfigs of further clusters, and who leads. */
export function namespaceRules(): readonly RbacRule[] {
  return [
    { apiGroups: [''], resources: ['configmaps', 'secrets'], verbs: read },
    { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: [...read, 'create', 'update'] },
  ];
}

/** A rule as a template holds it. */
export function ruleObjects(rules: readonly RbacRule[]): readonly TemplateObject[] {
  return rules.map(({ apiGroups, resources, verbs }) => ({ apiGroups, resources, verbs }));
}
