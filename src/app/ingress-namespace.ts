/** Where the gateway of Ingresses runs, as Istio's variable says it. */
export function ingressNamespace(env: Readonly<Record<string, string | undefined>>): string {
  return env['K8S_INGRESS_NS'] ?? 'istio-system';
}
