import type { Cell, MapCell, Read } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import { type ConfigObject, compareText } from '../../model/config-object.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import type { Labels } from '../../model/labels.ts';
import type { PeerAuthentication } from '../../schema/peer-authentication/peer-authentication.ts';
import { type EffectiveMtls, effectiveMtls, mtlsModeOfPort } from '../authentication/effective-mtls.ts';
import { defaultMutualTlsMode, type MutualTlsMode } from '../authentication/mutual-tls-mode.ts';
import { namespaceMtlsMode } from '../authentication/namespace-mtls-mode.ts';
import type { MeshSettings } from '../settings.ts';
import { sameElements } from './same-elements.ts';

/** What PeerAuthentications demand of workloads, and what clients may count on. */
export interface PeerAuthentications {
  /** Of one workload; to be read inside a computation. */
  readonly ofWorkload: (read: Read, namespace: string, workloadLabels: Labels) => EffectiveMtls;
  /** Of a whole namespace, as clients see it. */
  readonly ofNamespace: (namespace: string) => Cell<MutualTlsMode>;
  /** Whether endpoints in these namespaces refuse mutual TLS: clients must not offer it to them. */
  readonly refusal: (namespaces: readonly string[]) => Cell<MutualTlsRefusal>;
}

/** Which endpoints speak plain text alone although they have a sidecar. The same object as long as nothing about it changes. */
export interface MutualTlsRefusal {
  readonly policies: readonly ConfigObject<PeerAuthentication>[];
  /** Absent: nobody refuses. */
  readonly refuses?: (endpoint: Pick<Endpoint, 'namespace' | 'labels' | 'port'>) => boolean;
}

export function peerAuthentications(
  engine: Engine,
  objects: MapCell<ConfigObject<PeerAuthentication>>,
  settings: Cell<MeshSettings>,
): PeerAuthentications {
  const byNamespace = engine.index(objects, (object) => [object.namespace]);
  const relevant = (read: Read, namespace: string) => {
    const { rootNamespace } = read(settings);
    const namespaces = new Set([rootNamespace, namespace]);
    return { rootNamespace, policies: [...namespaces].flatMap((name) => [...read(byNamespace.group(name)).values()]) };
  };
  const refusal = engine.family<MutualTlsRefusal>(
    (key, read) => {
      const namespaces = key.split(',');
      const { rootNamespace } = read(settings);
      const policies = [...new Set(namespaces.flatMap((namespace) => relevant(read, namespace).policies))];
      return policies.some(disablesSomething) ? { policies, refuses: refuser(policies, rootNamespace) } : { policies: [] };
    },
    (a, b) => sameElements(a.policies, b.policies),
  );
  return {
    refusal: (namespaces) => refusal([...new Set(namespaces)].sort(compareText).join(',')),
    ofWorkload: (read, namespace, workloadLabels) => effectiveMtls({ ...relevant(read, namespace), namespace, workloadLabels }),
    ofNamespace: engine.family<MutualTlsMode>((namespace, read) => {
      const { rootNamespace, policies } = relevant(read, namespace);
      return namespaceMtlsMode(policies, namespace, rootNamespace) ?? defaultMutualTlsMode;
    }),
  };
}

function disablesSomething({ spec }: ConfigObject<PeerAuthentication>): boolean {
  return spec.mtls?.mode === 'DISABLE' || Object.values(spec.portLevelMtls ?? {}).some((port) => port?.mode === 'DISABLE');
}

function refuser(policies: readonly ConfigObject<PeerAuthentication>[], rootNamespace: string): NonNullable<MutualTlsRefusal['refuses']> {
  return ({ namespace, labels, port }) =>
    mtlsModeOfPort(effectiveMtls({ policies, namespace, workloadLabels: labels, rootNamespace }), port) === 'DISABLE';
}
