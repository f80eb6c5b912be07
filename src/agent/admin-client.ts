import { request } from 'node:http';
import type { HostPort } from './bootstrap.ts';

export interface AdminAnswer {
  readonly status: number;
  readonly body: string;
}

interface ListenersAnswer {
  readonly listener_statuses?: readonly {
    readonly name: string;
    readonly local_address?: { readonly socket_address?: { readonly address: string; readonly port_value: number } };
  }[];
}

/** The admin interface of the local Envoy. Every call rejects when nobody answers in time. */
export class AdminClient {
  readonly address: HostPort;
  private readonly timeoutMs: number;

  constructor(address: HostPort, timeoutMs = 2000) {
    this.address = address;
    this.timeoutMs = timeoutMs;
  }

  /** Whether Envoy has its first configuration and takes traffic. */
  async isReady(): Promise<boolean> {
    return (await this.call('GET', '/ready')).status === 200;
  }

  /** Counters and gauges whose names match the regular expression; histograms are left out. */
  async stats(filter?: string): Promise<ReadonlyMap<string, number>> {
    const query = filter === undefined ? '' : `&filter=${encodeURIComponent(filter)}`;
    return parseStats(await this.text(`/stats?usedonly${query}`));
  }

  /** `ConfigDump` as JSON; with endpoints when asked for (`include_eds`). */
  async configDump(options: { readonly endpoints?: boolean } = {}): Promise<unknown> {
    return JSON.parse(await this.text(options.endpoints ? '/config_dump?include_eds' : '/config_dump')) as unknown;
  }

  /** All statistics that were ever counted, in Prometheus' text format. */
  prometheus(): Promise<string> {
    return this.text('/stats/prometheus?usedonly');
  }

  async serverInfo(): Promise<unknown> {
    return JSON.parse(await this.text('/server_info')) as unknown;
  }

  /** Connections that clients hold, those of the admin interface not counted. */
  async activeConnections(): Promise<number> {
    let sum = 0;
    for (const [name, value] of await this.stats(String.raw`^listener\..*downstream_cx_active$`)) {
      if (!name.startsWith('listener.admin.') && !name.includes('.worker_')) sum += value;
    }
    return sum;
  }

  /** Listeners by name, each with the address that it got. */
  async listeners(): Promise<ReadonlyMap<string, HostPort>> {
    const found = new Map<string, HostPort>();
    const { listener_statuses = [] } = JSON.parse(await this.text('/listeners?format=json')) as ListenersAnswer;
    for (const { name, local_address } of listener_statuses) {
      const socket = local_address?.socket_address;
      if (socket) found.set(name, { host: socket.address, port: socket.port_value });
    }
    return found;
  }

  /** Asks Envoy to tell clients to go; new connections are still taken until it ends. `inbound` spares what the workload itself calls. */
  async drain(listeners: 'inbound' | 'all'): Promise<void> {
    await this.text(listeners === 'inbound' ? '/drain_listeners?inboundonly&graceful' : '/drain_listeners?graceful', 'POST');
  }

  private async text(path: string, method = 'GET'): Promise<string> {
    const { status, body } = await this.call(method, path);
    if (status !== 200) throw new Error(`Envoy's admin interface answered ${status} to ${method} ${path}: ${body.slice(0, 200)}`);
    return body;
  }

  private call(method: string, path: string): Promise<AdminAnswer> {
    const { host, port } = this.address;
    return new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(this.timeoutMs);
      const call = request({ host, port, path, method, agent: false, signal }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }));
      });
      call.on('error', reject);
      call.end();
    });
  }
}

/** `name: value` per line; lines whose value is no number (histograms, text) are skipped. */
export function parseStats(text: string): ReadonlyMap<string, number> {
  const stats = new Map<string, number>();
  for (const line of text.split('\n')) {
    const at = line.lastIndexOf(': ');
    const value = line.slice(at + 2);
    if (at > 0 && /^\d+$/.test(value)) stats.set(line.slice(0, at), Number(value));
  }
  return stats;
}

/** `127.0.0.1:15000` or `[::1]:15000`, as Envoy writes its admin address. */
export function parseHostPort(text: string): HostPort | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text.trim());
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host === undefined || port > 65535 ? undefined : { host, port };
}
