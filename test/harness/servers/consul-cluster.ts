import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConsulConfig, ConsulPorts } from './consul-config.ts';
import { ConsulServer } from './consul-server.ts';
import { freePorts } from './free-ports.ts';
import { buildGoProgram, goPrograms } from './go-program.ts';
import { TestAuthority } from './test-authority.ts';

export interface ConsulClusterOptions {
  /** One by default; three can lose one. */
  readonly servers?: 1 | 3;
  readonly datacenter?: string;
  /** Access control with `deny` as the default. */
  readonly acl?: boolean;
  /** HTTPS too; `mutual` asks clients for a certificate. */
  readonly tls?: 'server' | 'mutual';
  /** Merged over the configuration of every server: `{ limits: { http_max_conns_per_client: 20 } }`. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** Real Consul servers on free ports of loopback, which keep their state when they are started again. */
export class ConsulCluster {
  readonly servers: readonly ConsulServer[];
  readonly directory: string;
  /** Signs the servers' certificates where there is TLS. */
  readonly authority: TestAuthority;
  /** May do everything; undefined where everybody may. */
  readonly managementToken: string | undefined;

  private constructor(directory: string, authority: TestAuthority, servers: readonly ConsulServer[], token: string | undefined) {
    this.directory = directory;
    this.authority = authority;
    this.servers = servers;
    this.managementToken = token;
  }

  /** Resolves when there is a leader that every server knows. */
  static async start(options: ConsulClusterOptions = {}): Promise<ConsulCluster> {
    const consul = await buildGoProgram(goPrograms.consul);
    const directory = await mkdtemp(join(tmpdir(), 'coxswain-consul-'));
    const authority = await TestAuthority.create(directory, 'consul-ca');
    const token = options.acl ? randomUUID() : undefined;
    const configs = await configsOf(directory, authority, token, options);
    const cluster = new ConsulCluster(
      directory,
      authority,
      await Promise.all(configs.map((config) => ConsulServer.create(consul, config))),
      token,
    );
    try {
      await Promise.all(cluster.servers.map((server) => server.process.start()));
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** The first server, for whoever wants only one. */
  get server(): ConsulServer {
    return this.servers[0] as ConsulServer;
  }

  /** A token that may do what the rules (HCL) say. */
  async createToken(rules: string): Promise<{ readonly accessor: string; readonly secret: string }> {
    const policy = await this.server.json<{ readonly ID: string }>('acl/policy', {
      method: 'PUT',
      body: { Name: randomUUID(), Rules: rules },
    });
    const body = { Policies: [{ ID: policy.ID }] };
    const { AccessorID, SecretID } = await this.server.json<{ AccessorID: string; SecretID: string }>('acl/token', { method: 'PUT', body });
    return { accessor: AccessorID, secret: SecretID };
  }

  async revokeToken(accessor: string): Promise<void> {
    await this.server.json(`acl/token/${accessor}`, { method: 'DELETE' });
  }

  /** Ends everything and removes what was written. */
  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.process.kill()));
    await rm(this.directory, { recursive: true, force: true });
  }
}

type Options = ConsulClusterOptions;

async function configsOf(
  directory: string,
  authority: TestAuthority,
  token: string | undefined,
  options: Options,
): Promise<readonly ConsulConfig[]> {
  const { servers = 1, datacenter = 'dc1', tls, more } = options;
  const ports = await portsFor(servers);
  const joined = ports.map(({ serfLan }) => `127.0.0.1:${serfLan}`);
  const serving = tls && (await authority.issue({ name: `server.${datacenter}.consul`, alternativeNames: ['localhost', '127.0.0.1'] }));
  return ports.map((own, i) => ({
    node: `${datacenter}-${i + 1}`,
    datacenter,
    directory: join(directory, `server-${i + 1}`),
    ports: own,
    servers: servers > 1 ? joined : [],
    managementToken: token,
    tls: serving && { authorityFile: authority.root.certificate, serving, verifyClients: tls === 'mutual' },
    more,
  }));
}

async function portsFor(servers: number): Promise<readonly ConsulPorts[]> {
  const kinds = ['http', 'https', 'dns', 'grpc', 'server', 'serfLan', 'serfWan'] as const;
  const free = await freePorts(servers * kinds.length);
  return Array.from({ length: servers }, (_, i) => {
    const own = kinds.map((kind, k) => [kind, free[i * kinds.length + k] ?? 0] as const);
    return Object.fromEntries(own) as unknown as ConsulPorts;
  });
}
