import type { Registry } from 'prom-client';
import type { HttpEndpoint } from '../http-endpoint.ts';

/** `/metrics`: the Prometheus text format. */
export function metricsPage(registry: Registry): HttpEndpoint {
  return {
    path: '/metrics',
    help: 'Metrics of this instance for Prometheus',
    answer: async () => ({ status: 200, contentType: registry.contentType, body: await registry.metrics() }),
  };
}
