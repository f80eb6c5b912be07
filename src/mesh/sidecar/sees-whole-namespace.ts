import type { Sidecar } from '../../schema/sidecar/sidecar.ts';

/**
 * Whether a Sidecar imports all that its namespace sees and changes nothing about it: outbound, its workloads are like those
 * without a Sidecar. Where a namespace has services that it does not see itself this is not the whole truth: routes bring
 * those in by other rules under a Sidecar.
 */
export function seesWholeNamespace({ egress = [], outboundTrafficPolicy }: Sidecar): boolean {
  if (outboundTrafficPolicy !== undefined || egress.length > 1) return false;
  const [listener] = egress;
  if (listener === undefined) return true;
  const isCatchAll = listener.port === undefined && (listener.bind ?? '') === '' && listener.captureMode !== 'NONE';
  return isCatchAll && listener.hosts.includes('*/*') && !listener.hosts.some((host) => host.startsWith('~'));
}
