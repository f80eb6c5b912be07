import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AdminClient } from '../admin-client.ts';
import { istioMetrics } from './istio-metrics.ts';

export interface MetricsServerOptions {
  readonly host: string;
  /** 0 picks a free one. Istio's is 15020. */
  readonly port: number;
  /** Of the Envoy that runs now; undefined: none does yet. */
  readonly admin: () => AdminClient | undefined;
  /** The workload beside the proxy, as its endpoints name it. */
  readonly peer: string;
  /** The version that the proxy claims. */
  readonly version: string;
}

export interface MetricsServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * `/stats/prometheus` and `/healthz/ready` of a proxy, where Istio's agent has them: the proxy's metrics under Istio's names.
 * Rejects where the port is taken.
 */
export async function serveMetrics(options: MetricsServerOptions): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    answer(options, request, response).catch((error: unknown) => end(response, 503, `${(error as Error).message}\n`));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer({ admin, peer, version }: MetricsServerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? '').split('?')[0];
  const envoy = admin();
  if (path !== '/stats/prometheus' && path !== '/healthz/ready') return end(response, 404, 'not found\n');
  if (envoy === undefined) return end(response, 503, 'Envoy has not started yet\n');
  if (path === '/healthz/ready') {
    const isReady = await envoy.isReady();
    return end(response, isReady ? 200 : 503, isReady ? 'ready\n' : 'not ready\n');
  }
  const metrics = istioMetrics(await envoy.prometheus(), peer);
  end(response, 200, `${metrics}# TYPE istio_build gauge\nistio_build{component="proxy",tag="${version}"} 1\n`);
}

function end(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
  response.end(body);
}
