import type { Service } from '../../model/service.ts';
import { virtualHostName } from '../names.ts';

/**
 * Every `host:port` under which any client may ask for a port of a service: its hostname and, for a Kubernetes service,
 * the names that carry its namespace. Istio answers the shorter ones only inside the namespace; from outside they cannot
 * mean anything else.
 */
export function grpcListenerNames(service: Service, port: number): readonly string[] {
  const qualified = qualifiedName(service);
  const hosts = qualified === undefined ? [service.hostname] : [service.hostname, qualified, `${qualified}.svc`];
  return hosts.map((host) => virtualHostName(host, port));
}

/** The name that a client in the service's own namespace may use; undefined for services that are not Kubernetes'. */
export function bareListenerName(service: Service, port: number): string | undefined {
  const qualified = qualifiedName(service);
  return qualified === undefined ? undefined : virtualHostName(qualified.slice(0, qualified.indexOf('.')), port);
}

/** `web.shop` of `web.shop.svc.cluster.local`. */
function qualifiedName({ hostname, namespace }: Service): string | undefined {
  const [name = '', owner, svc] = hostname.split('.');
  return name !== '' && owner === namespace && svc === 'svc' ? `${name}.${owner}` : undefined;
}
