import { compareText } from '../model/config-object.ts';
import { eachWithSiblings, type Service } from '../model/service.ts';
import { isPublic, isVisibleTo } from './visibility.ts';

/** Istio's order of services: oldest first, then name, then namespace (`SortServicesByCreationTime`). */
export function byServiceAge(a: Service, b: Service): number {
  return a.createdAt - b.createdAt || compareText(a.name, b.name) || compareText(a.namespace, b.namespace);
}

/**
 * Which of several services of one hostname a client namespace means: its own, else one of Kubernetes, else the first
 * that was exported to it (privately exported ones before public ones, oldest first); undefined where none is visible.
 * `clientNamespace` empty: what everybody sees (Istio `selectServices`, PILOT_UNIFIED_SIDECAR_SCOPE).
 */
export function pickService(candidates: Iterable<Service>, clientNamespace: string): Service | undefined {
  let best: Service | undefined;
  for (const service of orderedCandidates(candidates, clientNamespace)) {
    if (best === undefined) best = service;
    else if (service.namespace === clientNamespace && best.namespace !== clientNamespace) best = service;
    else if (isKubernetes(service) && !isKubernetes(best) && (best.namespace !== clientNamespace || service.namespace === clientNamespace))
      best = service;
  }
  return best;
}

/** The same for a gateway: that a service is of its own namespace counts for nothing there (Istio `DefaultSidecarScopeForGateway`). */
export function pickServiceForGateway(candidates: Iterable<Service>, gatewayNamespace: string): Service | undefined {
  const ordered = orderedCandidates(candidates, gatewayNamespace);
  return ordered.find(isKubernetes) ?? ordered[0];
}

function orderedCandidates(candidates: Iterable<Service>, clientNamespace: string): Service[] {
  const privately: Service[] = [];
  const publicly: Service[] = [];
  for (const service of eachWithSiblings(candidates)) {
    if (isPublic(service.exportTo)) publicly.push(service);
    else if (clientNamespace !== '' && isVisibleTo(service.exportTo, service.namespace, clientNamespace)) privately.push(service);
  }
  return [...privately.sort(byServiceAge), ...publicly.sort(byServiceAge)];
}

function isKubernetes(service: Service): boolean {
  return service.provider === 'Kubernetes';
}
