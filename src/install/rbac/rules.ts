import { remoteWatchedKinds, watchedKinds } from '../../config/kubernetes/watched-kinds.ts';
import { compareText } from '../../model/config-object.ts';
import type { Kind } from '../../schema/kind.ts';
import { ownKinds } from '../crds/crds.ts';
import type { TemplateObject } from '../template/template.ts';

/** A rule of a Role: these verbs on these resources of one group. */
export interface RbacRule {
  readonly apiGroups: readonly [string];
  readonly resources: readonly string[];
  /** Only these objects. */
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

const read = ['get', 'list', 'watch'] as const;

/** Kinds that are read in the whole cluster, others in the control plane's own namespace alone. */
const readEverywhere = watchedKinds('').flatMap(({ kind, selection }) => (selection?.namespace === undefined ? [kind] : []));

/** Reading configuration and workloads in the whole cluster, and writing statuses: of Istio's kinds, and of Ingresses. */
export function clusterRules(): readonly RbacRule[] {
  return [
    ...rulesFor(readEverywhere, read),
    // Which kinds are installed.
    { apiGroups: ['apiextensions.k8s.io'], resources: ['customresourcedefinitions'], verbs: read },
    // Which revision objects without one belong to (`src/kubernetes/default-revision.ts`).
    {
      apiGroups: ['admissionregistration.k8s.io'],
      resources: ['mutatingwebhookconfigurations'],
      resourceNames: ['istio-revision-tag-default'],
      verbs: ['get'],
    },
    ...rulesFor(ownKinds, ['patch'], '/status'),
    // Where the gateway is that serves them.
    { apiGroups: ['networking.k8s.io'], resources: ['ingresses/status'], verbs: ['patch'] },
  ];
}

/** What a cluster lets the control plane of another cluster read: its workloads. */
export function readerRules(): readonly RbacRule[] {
  return rulesFor(
    remoteWatchedKinds().map(({ kind }) => kind),
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

/** Where the replicas keep what signs the webhook's certificates (`src/webhook/shared-authority.ts`). */
const webhookSecret = 'istiod-webhook-certs';

/** In the control plane's own namespace: the mesh's settings, kubeconfigs of further clusters, who leads, and the webhook's authority. */
export function namespaceRules(): readonly RbacRule[] {
  return [
    // Replicas tell the leader in ConfigMaps what their proxies refuse (`src/status/refusal-report.ts`).
    { apiGroups: [''], resources: ['configmaps'], verbs: [...read, 'create', 'update', 'delete'] },
    // Kubernetes cannot limit creation by name.
    { apiGroups: [''], resources: ['secrets'], verbs: [...read, 'create'] },
    { apiGroups: [''], resources: ['secrets'], resourceNames: [webhookSecret], verbs: ['update'] },
    { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'watch', 'create', 'update'] },
    // A dry run of one that is wrong shows whether the webhook is reached.
    { apiGroups: ['networking.istio.io'], resources: ['gateways'], verbs: ['create'] },
  ];
}

/** A rule as a template holds it. */
export function ruleObjects(rules: readonly RbacRule[]): readonly TemplateObject[] {
  return rules.map(({ apiGroups, resources, resourceNames, verbs }) => ({
    apiGroups,
    resources,
    ...(resourceNames && { resourceNames }),
    verbs,
  }));
}
