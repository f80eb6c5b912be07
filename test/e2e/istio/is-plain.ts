import type { TestProxy } from '../../harness/text-mesh.ts';

/** Whether a proxy says nothing that Istio's test double cannot act on: proxyless gRPC, proxies without certificates, names. */
export function isPlain({ metadata = {} }: TestProxy): boolean {
  return !['GENERATOR', 'WORKLOAD_CERTIFICATES', 'DNS_CAPTURE'].some((name) => name in metadata);
}
