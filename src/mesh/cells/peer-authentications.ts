import type { Cell, MapCell, Read } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import type { ConfigObject } from '../../model/config-object.ts';
import type { Labels } from '../../model/labels.ts';
import type { PeerAuthentication } from '../../schema/peer-authentication/peer-authentication.ts';
import { type EffectiveMtls, effectiveMtls } from '../authentication/effective-mtls.ts';
import { defaultMutualTlsMode, type MutualTlsMode } from '../authentication/mutual-tls-mode.ts';
import { namespaceMtlsMode } from '../authentication/namespace-mtls-mode.ts';
import type { MeshSettings } from '../settings.ts';

/** What PeerAuthentications demand of workloads, and what clients may count on. */
export interface PeerAuthentications {
  /** Of one workload; to be read inside a computation. */
  readonly ofWorkload: (read: Read, namespace: string, workloadLabels: Labels) => EffectiveMtls;
  /** Of a whole namespace, as clients see it. */
  readonly ofNamespace: (namespace: string) => Cell<MutualTlsMode>;
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
  return {
    ofWorkload: (read, namespace, workloadLabels) => effectiveMtls({ ...relevant(read, namespace), namespace, workloadLabels }),
    ofNamespace: engine.family<MutualTlsMode>((namespace, read) => {
      const { rootNamespace, policies } = relevant(read, namespace);
      return namespaceMtlsMode(policies, namespace, rootNamespace) ?? defaultMutualTlsMode;
    }),
  };
}
