import type { Cluster } from '../../envoy/generated/envoy/config/cluster/v3/Cluster.ts';
import type { Listener } from '../../envoy/generated/envoy/config/listener/v3/Listener.ts';
import type { RouteConfiguration } from '../../envoy/generated/envoy/config/route/v3/RouteConfiguration.ts';
import type { VirtualHost } from '../../envoy/generated/envoy/config/route/v3/VirtualHost.ts';
import { typeUrls } from '../../envoy/type-urls.ts';
import { tableOfVirtualHost } from '../../model/virtual-host-resource.ts';
import { inboundPassthroughCluster } from '../names.ts';
import { checkedPatch, type Patched } from '../patches/checked-patch.ts';
import type { CompiledPatch, PatchContext, PatchSet } from '../patches/compiled-patch.ts';
import { matchesCluster, patchCluster } from '../patches/patch-cluster.ts';
import type { PatchCodec } from '../patches/patch-codec.ts';
import { patchInlineTables } from '../patches/patch-inline-tables.ts';
import { addedValues, patchListener } from '../patches/patch-listener.ts';
import type { PatchOutcomes } from '../patches/patch-outcomes.ts';
import { patchRouteConfig } from '../patches/patch-route-config.ts';
import { type PatchRun, patchesFor } from '../patches/patch-run.ts';
import { constraintText, listenerFault, tableFault } from '../patches/resource-faults.ts';
import type { EncodedResource } from './encoded-resource.ts';
import type { ResourceEncoder } from './resource-encoder.ts';

export interface ResourcePatcherOptions {
  readonly codec: PatchCodec;
  readonly outcomes: PatchOutcomes;
  readonly encoder: ResourceEncoder;
}

/** The patches that hold for one resource. */
export interface PatchesInForce {
  readonly context: PatchContext;
  readonly patches: PatchSet;
}

const tableType = 'envoy.config.route.v3.RouteConfiguration';
const hostType = 'envoy.config.route.v3.VirtualHost';
/** Not a cluster of the mesh: an SDS server beside the gateway, which Istio adds behind all patches. */
const unpatchedCluster = 'sds-external';

/**
 * Patches encoded resources: what no patch touches is returned as it is, bytes and all, and equal resources under the same
 * patches are patched once for the whole mesh.
 */
export class ResourcePatcher {
  private readonly options: ResourcePatcherOptions;
  private readonly known = new WeakMap<EncodedResource, WeakMap<PatchSet, { readonly resource: EncodedResource | undefined }>>();

  constructor(options: ResourcePatcherOptions) {
    this.options = options;
  }

  /** Undefined: removed. `hosts` are those of the services behind an inbound cluster. */
  cluster(base: EncodedResource, { context, patches }: PatchesInForce, hosts: readonly string[] = []): EncodedResource | undefined {
    const isMeant = (patches.get('CLUSTER') ?? []).some((patch) => patch.operation !== 'ADD' && matchesCluster(base.name, hosts, patch));
    if (!isMeant || base.name === unpatchedCluster) return base;
    const pass = (cluster: Cluster) => (run: PatchRun) => patchCluster(cluster, hosts, run);
    const make = () =>
      this.patch(base, { context, patches }, pass, (cluster) => this.constraintFault('envoy.config.cluster.v3.Cluster', cluster));
    return hosts.length > 0 ? make() : this.once(base, patches, make);
  }

  listener(base: EncodedResource, { context, patches }: PatchesInForce): EncodedResource | undefined {
    return this.once(base, patches, () => {
      const pass = (listener: Listener) => (run: PatchRun) =>
        patchListener(context === 'SIDECAR_INBOUND' ? patchInlineTables(listener, run) : listener, run);
      return this.patch(base, { context, patches }, pass, (listener) => this.faultOfListener(listener));
    });
  }

  /** A table as it is sent: with its virtual hosts, or without where these are sent by themselves. */
  table(base: EncodedResource, { context, patches }: PatchesInForce): EncodedResource | undefined {
    return this.once(base, patches, () => {
      const faultOf = (table: RouteConfiguration) => tableFault(table) ?? this.constraintFault(tableType, table);
      return this.patch(base, { context, patches }, (table: RouteConfiguration) => (run) => patchRouteConfig(table, run), faultOf);
    });
  }

  /** A virtual host that is sent by itself, named `<table>/<name>`; undefined: removed. */
  virtualHost(base: EncodedResource, { context, patches }: PatchesInForce): EncodedResource | undefined {
    const table = tableOfVirtualHost(base.name);
    const name = base.name.slice(table.length + 1);
    const ofHosts = patchesFor({ context, patches }, 'VIRTUAL_HOST');
    const isMeant = [...ofHosts, ...patchesFor({ context, patches }, 'HTTP_ROUTE')].some(({ match: { routeConfiguration: wanted } }) => {
      const { name: wantedName = '' } = wanted?.vhost ?? {};
      return wantedName === '' || wantedName === name;
    });
    if (!isMeant) return base;
    return this.once(base, patches, () => {
      const pass = (host: VirtualHost) => (run: PatchRun) => {
        const ofHost = new Map([...run.patches].filter(([applyTo]) => applyTo !== 'ROUTE_CONFIGURATION'));
        const alone = { name: table, virtual_hosts: [{ ...host, name }] };
        const [patched] = patchRouteConfig(alone, { ...run, patches: ofHost }).virtual_hosts ?? [];
        return patched && { ...patched, name: base.name };
      };
      return this.patch(base, { context, patches }, pass, (host) => this.constraintFault(hostType, host));
    });
  }

  /** What patches add that stands by itself; the first of a name counts. */
  added({ context, patches }: PatchesInForce, applyTo: 'LISTENER' | 'CLUSTER'): readonly EncodedResource[] {
    const { codec, encoder, outcomes } = this.options;
    const typeUrl = applyTo === 'LISTENER' ? typeUrls.LDS : typeUrls.CDS;
    return patchesFor({ context, patches }, applyTo).flatMap((patch) => {
      const alone: PatchSet = new Map([[applyTo, [patch]]]);
      const pass = (run: PatchRun) => addedValues(run, applyTo)[0];
      const patched = checkedPatch<object>({
        codec,
        context,
        patches: alone,
        pass,
        faultOf: applyTo === 'LISTENER' ? listenerFault : () => undefined,
      });
      const { name = '' } = (patch.value ?? {}) as { readonly name?: string };
      outcomes.note(alone, { name, id: `added ${name}`, of: patch }, patched);
      return patched.value === undefined ? [] : [{ ...encoder.encode(typeUrl, name, patched.value), patchedBy: [patch] }];
    });
  }

  extensions(patches: PatchSet): readonly EncodedResource[] {
    const { encoder, outcomes } = this.options;
    return (patches.get('EXTENSION_CONFIG') ?? []).flatMap((patch) => {
      const { operation, value } = patch;
      if (operation !== 'ADD' || value === undefined) return [];
      const { name = '' } = value as { readonly name?: string };
      const made = { value, applied: [patch], failures: new Map<CompiledPatch, string>() };
      outcomes.note(patches, { name, id: `added ${name}`, of: patch }, made);
      return [{ ...encoder.encode(typeUrls.ECDS, name, value), patchedBy: [patch] }];
    });
  }

  private faultOfListener(listener: Listener): string | undefined {
    return listenerFault(listener) ?? this.constraintFault('envoy.config.listener.v3.Listener', listener);
  }

  private constraintFault(typeName: string, message: object): string | undefined {
    return constraintText(this.options.codec, typeName, message);
  }

  private patch<T extends { readonly name?: string }>(
    base: EncodedResource,
    { context, patches }: PatchesInForce,
    pass: (message: T) => (run: PatchRun) => T | undefined,
    faultOf: (message: T) => string | undefined,
  ): EncodedResource | undefined {
    const { codec, encoder, outcomes } = this.options;
    const { '@type': typeUrl, ...message } = codec.decodeAny(base.any);
    const patched: Patched<T> = checkedPatch<T>({ codec, context, patches, pass: pass(message as T), faultOf });
    outcomes.note(patches, { name: base.name, id: base.version, of: base }, patched);
    if (patched.applied.length === 0) return base;
    if (patched.value === undefined) return undefined;
    return { ...encoder.encode(String(typeUrl), patched.value.name ?? '', patched.value), patchedBy: patched.applied };
  }

  private once(base: EncodedResource, patches: PatchSet, make: () => EncodedResource | undefined): EncodedResource | undefined {
    const ofBase = this.known.get(base) ?? new WeakMap<PatchSet, { readonly resource: EncodedResource | undefined }>();
    this.known.set(base, ofBase);
    const known = ofBase.get(patches);
    if (known !== undefined) return known.resource;
    const resource = make();
    ofBase.set(patches, { resource });
    return resource;
  }
}

/** By the name that Istio gives it. */
export function isInboundCluster(name: string): boolean {
  return name.startsWith('inbound|') || name === inboundPassthroughCluster;
}
