import { typeUrls } from '../../envoy/type-urls.ts';
import type { MapCell, Read } from '../../incremental/cell.ts';
import type { MergedPort } from '../../mesh/gateways/merged-gateway.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { ProxyPatches } from '../../mesh/patches/patch-areas.ts';
import { type GatewayScope, scopeKey } from '../../mesh/scope.ts';
import { buildGatewayListener, type GatewayListenerInput } from '../listeners/gateway-listener.ts';
import type { GatewayWorld } from '../listeners/gateway-world.ts';
import { type EncodedResource, sameResource } from './encoded-resource.ts';
import { externalSecrets, gatewayRule, gatewayService } from './gateway-facts.ts';
import { observedContext } from './observed-context.ts';
import type { PatchedLayers } from './patched-layers.ts';
import type { ResourceEncoder } from './resource-encoder.ts';

/** Ports below this need privileges. */
const firstFreePort = 1024;

/**
 * Listeners of gateways by name. A listener of HTTP servers reads no VirtualService: routes change without it; those of TCP
 * and TLS rules read the VirtualServices of their own Gateways.
 */
export function gatewayListenerViews(
  mesh: Mesh,
  encoder: ResourceEncoder,
  patched: PatchedLayers,
): (scope: GatewayScope, patches?: ProxyPatches) => MapCell<EncodedResource> {
  const { engine } = mesh;
  const views = engine.mapFamily((key) => {
    const scope = JSON.parse(key) as GatewayScope;
    const inputs = engine.mapFrom<GatewayListenerInput>(
      (read) => listenerInputs(read(mesh.gateways.merged(scope)).ports, scope),
      sameInput,
    );
    return engine.flatMap(
      inputs,
      (input, _address, read) => {
        const listener = buildGatewayListener(input, gatewayWorld(mesh, read, scope));
        const name = listener?.name ?? '';
        return listener === undefined ? [] : [[name, encoder.encode(typeUrls.LDS, name, listener)]];
      },
      sameResource,
    );
  });
  const patchedViews = engine.mapFamily((key) => {
    const { scope, outbound } = JSON.parse(key) as { readonly scope: GatewayScope; readonly outbound: string };
    const inForce = { role: scope.role, outbound };
    return engine.overlay<EncodedResource>([patched.listeners(views(scopeKey(scope)), inForce), patched.added(inForce, 'LISTENER')]);
  });
  return (scope, { outboundListeners: outbound } = {}) =>
    outbound === undefined ? views(scopeKey(scope)) : patchedViews(scopeKey({ scope, outbound }));
}

function listenerInputs(ports: readonly MergedPort[], scope: GatewayScope): ReadonlyMap<string, GatewayListenerInput> {
  const inputs = new Map<string, GatewayListenerInput>();
  for (const port of ports) {
    if (scope.features.isUnprivileged === true && port.number < firstFreePort) continue;
    const address = `${port.bind}_${port.number}`;
    const known = inputs.get(address)?.ports ?? [];
    inputs.set(address, { bind: port.bind, number: port.number, ports: [...known, port] });
  }
  return inputs;
}

function sameInput(a: GatewayListenerInput, b: GatewayListenerInput): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function gatewayWorld(mesh: Mesh, read: Read, scope: GatewayScope): GatewayWorld {
  const findService = (hostname: string) => gatewayService(mesh, read, scope, hostname);
  return {
    scope,
    settings: read(mesh.settingsFor(scope.ownSettings)),
    observed: observedContext(mesh, read, scope.observed),
    virtualServicesOf: (gateway) => read(mesh.virtualServices.forGateway(gateway, scope.namespace)),
    findService,
    findRule: (hostname) => gatewayRule(mesh, read, scope, findService(hostname)),
    externalSecrets: () => externalSecrets(mesh, read, scope),
    *services() {
      const own = read(mesh.services.toGateways.onlyIn(scope.namespace));
      yield* own.values();
      for (const [hostname, service] of read(mesh.services.everywhere)) if (!own.has(hostname)) yield service;
    },
  };
}
