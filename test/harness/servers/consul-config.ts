import type { IssuedCertificate } from './test-authority.ts';

/** Ports of one Consul server, all on its own loopback address. */
export interface ConsulPorts {
  readonly http: number;
  readonly https: number;
  readonly dns: number;
  readonly grpc: number;
  readonly server: number;
  readonly serfLan: number;
  readonly serfWan: number;
}

export interface ConsulConfig {
  readonly node: string;
  readonly datacenter: string;
  readonly directory: string;
  readonly ports: ConsulPorts;
  /** Serf addresses of all servers of a cluster; one server needs none. */
  readonly servers: readonly string[];
  /** Access is denied to everybody but this token and what it allows. */
  readonly managementToken?: string | undefined;
  readonly tls?: { readonly authorityFile: string; readonly serving: IssuedCertificate; readonly verifyClients: boolean } | undefined;
  /** Merged over everything else, as a configuration file of Consul. */
  readonly more?: Readonly<Record<string, unknown>> | undefined;
}

/** The configuration file of one server that keeps its state in its folder. */
export function consulConfigOf(config: ConsulConfig): Readonly<Record<string, unknown>> {
  const { ports, tls, servers } = config;
  return {
    server: true,
    node_name: config.node,
    datacenter: config.datacenter,
    data_dir: `${config.directory}/data`,
    bind_addr: '127.0.0.1',
    client_addr: '127.0.0.1',
    bootstrap_expect: Math.max(1, servers.length),
    ...(servers.length > 1 && { retry_join: servers, retry_interval: '200ms' }),
    ports: {
      http: ports.http,
      https: tls ? ports.https : -1,
      dns: ports.dns,
      grpc: ports.grpc,
      grpc_tls: -1,
      server: ports.server,
      serf_lan: ports.serfLan,
      serf_wan: ports.serfWan,
    },
    // elections in a second instead of five
    performance: { raft_multiplier: 1 },
    log_level: 'warn',
    disable_update_check: true,
    disable_host_node_id: true,
    // checks that name programs are for tests that want them
    enable_script_checks: false,
    telemetry: { disable_hostname: true },
    ...(config.managementToken !== undefined && { acl: aclOf(config.managementToken) }),
    ...(tls && { tls: tlsOf(tls) }),
    ...config.more,
  };
}

function aclOf(token: string): object {
  return {
    enabled: true,
    default_policy: 'deny',
    down_policy: 'extend-cache',
    enable_token_persistence: true,
    tokens: { initial_management: token, agent: token },
  };
}

function tlsOf({ authorityFile, serving, verifyClients }: NonNullable<ConsulConfig['tls']>): object {
  return {
    https: { ca_file: authorityFile, cert_file: serving.certificate, key_file: serving.key, verify_incoming: verifyClients },
  };
}
