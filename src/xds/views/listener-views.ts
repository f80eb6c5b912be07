import type { Listener } from '../../envoy/generated/envoy/config/listener/v3/Listener.ts';
import { typeUrls } from '../../envoy/type-urls.ts';
import type { MapCell, Read } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { ProxyPatches } from '../../mesh/patches/patch-areas.ts';
import { type InboundScope, scopeKey } from '../../mesh/scope.ts';
import { buildHttpProxyListener } from '../listeners/http-proxy-listener.ts';
import { buildInboundListeners } from '../listeners/inbound-listeners.ts';
import { buildVirtualOutbound } from '../listeners/virtual-outbound.ts';
import type { ProxyScopes } from '../node/proxy-scopes.ts';
import { encodeAll } from './encode-all.ts';
import type { EncodedResource } from './encoded-resource.ts';
import { sidecarOf, targetsOf } from './inbound-facts.ts';
import { observedContext } from './observed-context.ts';
import { outboundListenerViews } from './outbound-listener-views.ts';
import type { PatchedLayers } from './patched-layers.ts';
import type { ResourceEncoder } from './resource-encoder.ts';
import { sidecarListenerViews } from './sidecar-listener-views.ts';

/** Listeners of sidecars by name: of the workload itself, for unknown destinations, for services. */
export function listenerViews(
  mesh: Mesh,
  encoder: ResourceEncoder,
  patched: PatchedLayers,
): (scopes: ProxyScopes) => MapCell<EncodedResource> {
  const { engine } = mesh;
  const encode = (listeners: readonly (Listener | undefined)[]) =>
    listeners.flatMap((listener) => (listener === undefined ? [] : [encoder.encode(typeUrls.LDS, listener.name ?? '', listener)]));
  const own = engine.mapFamily((key) => {
    const scope = JSON.parse(key) as InboundScope;
    return encodeAll(mesh, (read) => encode([...fixed(mesh, read, scope), ...inbound(mesh, read, scope)]));
  });
  // What is patched otherwise stands apart: inbound and outbound.
  const ownInbound = engine.mapFamily((key) => encodeAll(mesh, (read) => encode(inbound(mesh, read, JSON.parse(key) as InboundScope))));
  const ownOutbound = engine.mapFamily((key) => encodeAll(mesh, (read) => encode(fixed(mesh, read, JSON.parse(key) as InboundScope))));
  const ofNamespace = outboundListenerViews(mesh, encoder, patched);
  const ofSidecar = sidecarListenerViews(mesh, encoder);
  const views = engine.mapFamily((key) => {
    const { inbound: scope, isNarrowed } = JSON.parse(key) as { readonly inbound: InboundScope; readonly isNarrowed: boolean };
    const { sidecar: _, ...anyone } = scope;
    const outbound = isNarrowed ? ofSidecar(scope) : ofNamespace(anyone);
    return engine.overlay<EncodedResource>([own(scopeKey(scope)), outbound]);
  });
  const patchedViews = engine.mapFamily((key) => {
    const { inbound: scope, isNarrowed, patches } = JSON.parse(key) as PatchedKey;
    const { sidecar: _, ...anyone } = scope;
    const { inboundListeners, outboundListeners } = patches;
    const inForce = { role: scope.role, inbound: inboundListeners, outbound: outboundListeners };
    const mine = scopeKey(scope);
    return engine.overlay<EncodedResource>([
      patched.listeners(ownInbound(mine), inForce, true),
      patched.listeners(ownOutbound(mine), inForce),
      isNarrowed ? patched.listeners(ofSidecar(scope), inForce) : ofNamespace(anyone, outboundListeners),
      patched.added(inForce, 'LISTENER'),
    ]);
  });
  return ({ inbound: scope, outbound, patches: { inboundListeners, outboundListeners } = {} }) => {
    const key = { inbound: { ...scope, dnsDomain: '' }, isNarrowed: outbound.sidecar !== undefined };
    if (inboundListeners === undefined && outboundListeners === undefined) return views(scopeKey(key));
    return patchedViews(scopeKey({ ...key, patches: { inboundListeners, outboundListeners } }));
  };
}

interface PatchedKey {
  readonly inbound: InboundScope;
  readonly isNarrowed: boolean;
  readonly patches: ProxyPatches;
}

function fixed(mesh: Mesh, read: Read, scope: InboundScope): readonly (Listener | undefined)[] {
  const settings = read(mesh.settingsFor(scope.ownSettings));
  const outboundPolicy = sidecarOf(mesh, read, scope)?.spec.outboundTrafficPolicy;
  const context = {
    class: 'sidecar-outbound' as const,
    scope,
    settings,
    ...observedContext(mesh, read, scope.observed),
    ...(outboundPolicy && { outboundPolicy }),
    ...idleTimeoutOf(scope),
  };
  return [buildVirtualOutbound({ context }), buildHttpProxyListener({ context, port: scope.httpProxyPort })];
}

function inbound(mesh: Mesh, read: Read, scope: InboundScope): readonly Listener[] {
  const sidecar = sidecarOf(mesh, read, scope);
  return buildInboundListeners({
    targets: targetsOf(mesh, read, scope),
    mtls: mesh.authentication.ofWorkload(read, scope.namespace, scope.workloadLabels),
    settings: read(mesh.settingsFor(scope.ownSettings)),
    observed: observedContext(mesh, read, scope.observed),
    scope,
    ...(sidecar && { sidecar }),
    ...idleTimeoutOf(scope),
  });
}

function idleTimeoutOf({ idleTimeout }: InboundScope): Pick<InboundScope, 'idleTimeout'> {
  return idleTimeout === undefined ? {} : { idleTimeout };
}
