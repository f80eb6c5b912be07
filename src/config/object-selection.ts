import type { ConfigObject } from '../model/config-object.ts';
import { type LabelSelector, matchesSelector } from '../model/label-selector.ts';
import { kindOf } from '../schema/kinds.ts';
import { remoteClusterLabel } from './kubernetes/watched-kinds.ts';

/** Says of a namespace whether it is selected now and was not before, or the other way round. */
export type IsTouched = (namespace: string) => boolean;

const revisionLabel = 'istio.io/rev';

/**
 * Which objects count for this control plane: those of selected namespaces (`discoverySelectors` of the MeshConfig), and of
 * Istio's own kinds and the Gateway API's routes those that are not labelled for another revision (Istio `crdclient`).
 */
export class ObjectSelection {
  private readonly revision: string;
  private selectors: readonly LabelSelector[] = [];
  private selected: ReadonlySet<string> = new Set();

  /** Empty: whatever revision an object names, it is read. */
  constructor(revision: string) {
    this.revision = revision;
  }

  accepts(object: ConfigObject): boolean {
    return (this.isSelected(object.namespace) || leadsToCluster(object)) && this.isOfRevision(object);
  }

  /** Takes the selectors and namespaces of the moment; undefined where that changes nothing. */
  update(selectors: readonly LabelSelector[], namespaces: Iterable<ConfigObject>): IsTouched | undefined {
    const { selectors: selectorsBefore, selected: before } = this;
    this.selectors = selectors;
    const chosen = new Set<string>();
    if (selectors.length > 0) {
      for (const { name, labels } of namespaces) if (selectors.some((each) => matchesSelector(each, labels))) chosen.add(name);
    }
    this.selected = chosen;
    const [hadAll, hasAll] = [selectorsBefore.length === 0, selectors.length === 0];
    if (hadAll && hasAll) return undefined;
    if (hadAll === hasAll && before.size === chosen.size && [...before].every((name) => chosen.has(name))) return undefined;
    return (namespace) => namespace !== '' && (hadAll || before.has(namespace)) !== (hasAll || chosen.has(namespace));
  }

  private isSelected(namespace: string): boolean {
    return namespace === '' || this.selectors.length === 0 || this.selected.has(namespace);
  }

  private isOfRevision({ kind, labels }: ConfigObject): boolean {
    const stated = labels[revisionLabel];
    return this.revision === '' || stated === undefined || stated === this.revision || !hasRevisions(kind);
  }
}

/** Where the mesh's own namespace is not selected its further clusters are known all the same. */
function leadsToCluster({ kind, labels }: ConfigObject): boolean {
  return kind === 'Secret' && labels[remoteClusterLabel] === 'true';
}

/** A Gateway of the Gateway API belongs to whoever manages its class, whatever revision it is labelled with. */
function hasRevisions(kind: string): boolean {
  const { group = '' } = kindOf(kind) ?? {};
  return group.endsWith('istio.io') || (group === 'gateway.networking.k8s.io' && kind !== 'KubernetesGateway');
}
