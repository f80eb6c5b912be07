import type { Service, ServicePort } from '../../model/service.ts';

/** What a pattern of `inboundClusterStatName` or `outboundClusterStatName` may mention. */
export interface StatNameFacts {
  readonly service: Pick<Service, 'provider' | 'name' | 'namespace' | 'hostname'>;
  readonly port: Pick<ServicePort, 'number' | 'name'>;
  readonly subset: string;
  readonly targetPort: number;
}

/** Istio ends every alternative name with `;`, so that its stats tags can be cut off. */
export function altStatName(name: string): string {
  return `${name};`;
}

/** Fills in `%SERVICE%`, `%SERVICE_FQDN%`, ... of a stat name pattern (Istio `BuildStatPrefix`). */
export function fillStatName(pattern: string, { service, port, subset, targetPort }: StatNameFacts): string {
  const isKubernetes = service.provider === 'Kubernetes';
  return pattern
    .replaceAll('%SERVICE%', () => (isKubernetes ? `${service.name}.${service.namespace}` : service.hostname))
    .replaceAll('%SERVICE_NAME%', () => (isKubernetes ? service.name : service.hostname))
    .replaceAll('%SERVICE_FQDN%', () => service.hostname)
    .replaceAll('%SUBSET_NAME%', () => subset)
    .replaceAll('%TARGET_PORT%', String(targetPort))
    .replaceAll('%SERVICE_PORT%', String(port.number))
    .replaceAll('%SERVICE_PORT_NAME%', () => port.name);
}
