import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ConsulConfig, consulConfigOf } from './consul-config.ts';
import { RealServer } from './real-server.ts';

export interface ConsulCall {
  readonly method?: string;
  /** Text as it is, all else as JSON. */
  readonly body?: unknown;
  /** The management token by default, where there is one. */
  readonly token?: string;
  readonly timeoutMs?: number;
}

/** One Consul server, which is its own agent. Started again it has the state that it had. */
export class ConsulServer {
  readonly name: string;
  /** `127.0.0.1:8500`, plain HTTP; always there, for the tests. */
  readonly address: string;
  /** With TLS, where it was asked for. */
  readonly httpsAddress: string;
  readonly dnsPort: number;
  readonly process: RealServer;
  private readonly token: string | undefined;

  private constructor(consul: string, config: ConsulConfig, configFile: string) {
    this.name = config.node;
    this.address = `127.0.0.1:${config.ports.http}`;
    this.httpsAddress = `127.0.0.1:${config.ports.https}`;
    this.dnsPort = config.ports.dns;
    this.token = config.managementToken;
    const command = [consul, 'agent', `-config-file=${configFile}`] as const;
    this.process = new RealServer({ name: config.node, directory: config.directory, command, isReady: () => this.hasElected() });
  }

  static async create(consul: string, config: ConsulConfig): Promise<ConsulServer> {
    await mkdir(config.directory, { recursive: true });
    const configFile = join(config.directory, 'consul.json');
    await writeFile(configFile, JSON.stringify(consulConfigOf(config), undefined, 2));
    return new ConsulServer(consul, config, configFile);
  }

  /** Calls `/v1/...`; the answer whatever its status. */
  call(path: string, { method = 'GET', body, token = this.token, timeoutMs = 60_000 }: ConsulCall = {}): Promise<Response> {
    const headers = token === undefined ? {} : { 'x-consul-token': token };
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const signal = AbortSignal.timeout(timeoutMs);
    return fetch(`http://${this.address}/v1/${path}`, { method, headers, signal, ...(text !== undefined && { body: text }) });
  }

  /** The parsed body of a call that must succeed. */
  async json<T>(path: string, options: ConsulCall = {}): Promise<T> {
    const response = await this.call(path, options);
    const text = await response.text();
    if (!response.ok) throw new Error(`consul: ${options.method ?? 'GET'} ${path}: ${response.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  /** Whether it knows a leader and has registered itself, without which health queries are empty. */
  private async hasElected(): Promise<boolean> {
    const leader = await this.call('status/leader');
    if (!leader.ok || (await leader.text()).length <= 2) return false;
    const nodes = await this.json<readonly { readonly Node: string }[]>('catalog/nodes');
    return nodes.some(({ Node }) => Node === this.name);
  }
}
