import type { Cell, MapCell, Read } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import type { InboundScope } from '../../mesh/scope.ts';
import type { ProxyRole } from '../../model/proxy.ts';
import type { PatchContext, PatchSet } from '../patches/compiled-patch.ts';
import { type EncodedResource, sameResource } from './encoded-resource.ts';
import { isInboundCluster, type PatchesInForce, type ResourcePatcher } from './resource-patcher.ts';

/** What a layer is patched with: texts of `ProxyPatches`. A layer that has no inbound resources needs none for them. */
export interface LayerPatches {
  readonly role: ProxyRole;
  readonly inbound?: string | undefined;
  readonly outbound?: string | undefined;
}

export interface PatchedLayersOptions {
  readonly engine: Engine;
  readonly patcher: ResourcePatcher;
  readonly setOf: (key: string) => Cell<PatchSet>;
}

type Layer = MapCell<EncodedResource>;

/** Layers of views after the patches of EnvoyFilters. Each is a map of its own: to be made inside of a family. */
export class PatchedLayers {
  private readonly options: PatchedLayersOptions;

  constructor(options: PatchedLayersOptions) {
    this.options = options;
  }

  /** `targets` say which services an inbound cluster leads to. */
  clusters(base: Layer, patches: LayerPatches, targets: InboundScope['targets'] = []): Layer {
    const hosts = hostsByCluster(targets);
    return this.layer(base, (resource, read) => {
      const inForce = this.inForce(read, patches, isInboundCluster(resource.name));
      return inForce === undefined ? resource : this.options.patcher.cluster(resource, inForce, hosts.get(resource.name));
    });
  }

  /** A layer of inbound listeners, or of others. */
  listeners(base: Layer, patches: LayerPatches, isInbound = false): Layer {
    return this.layer(base, (resource, read) => {
      const inForce = this.inForce(read, patches, isInbound);
      return inForce === undefined ? resource : this.options.patcher.listener(resource, inForce);
    });
  }

  /** What is added: to be laid under everything else, since of one name the generated resource counts. */
  added(patches: LayerPatches, applyTo: 'LISTENER' | 'CLUSTER'): Layer {
    const { engine, patcher } = this.options;
    return engine.mapFrom(
      (read) =>
        [false, true].flatMap((isInbound) => {
          const inForce = this.inForce(read, patches, isInbound);
          return inForce === undefined ? [] : patcher.added(inForce, applyTo).map((resource) => [resource.name, resource] as const);
        }),
      sameResource,
    );
  }

  /** Extension configurations that are added; they have no context. */
  extensions(patches: string): Layer {
    const { engine, patcher, setOf } = this.options;
    return engine.mapFrom(
      (read) => patcher.extensions(read(setOf(patches))).map((resource) => [resource.name, resource] as const),
      sameResource,
    );
  }

  private layer(base: Layer, patch: (resource: EncodedResource, read: Read) => EncodedResource | undefined): Layer {
    return this.options.engine.flatMap(
      base,
      (resource, _name, read) => {
        const patched = patch(resource, read);
        return patched === undefined ? [] : [[patched.name, patched] as const];
      },
      sameResource,
    );
  }

  private inForce(read: Read, { role, inbound, outbound }: LayerPatches, isInbound: boolean): PatchesInForce | undefined {
    const key = isInbound ? inbound : outbound;
    const context: PatchContext = role === 'router' ? 'GATEWAY' : isInbound ? 'SIDECAR_INBOUND' : 'SIDECAR_OUTBOUND';
    return key === undefined ? undefined : { context, patches: read(this.options.setOf(key)) };
  }
}

/** Host names by the name of the cluster that leads to them. */
function hostsByCluster(targets: InboundScope['targets']): ReadonlyMap<string, readonly string[]> {
  const hosts = new Map<string, string[]>();
  for (const { service, targetPort } of targets) {
    const name = `inbound|${targetPort}||`;
    hosts.set(name, [...(hosts.get(name) ?? []), service.slice(service.indexOf('/') + 1)]);
  }
  return hosts;
}
