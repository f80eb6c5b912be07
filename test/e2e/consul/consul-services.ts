import type { ConsulServer } from '../../harness/servers/consul-server.ts';

/** An instance as tests register it: at a node of its own, so that no agent thinks it must remove it again. */
export interface RegisteredInstance {
  readonly name: string;
  readonly address?: string;
  readonly port: number;
  readonly node?: string;
  readonly tags?: readonly string[];
  readonly meta?: Readonly<Record<string, string>>;
  /** `passing` by default; null for none. */
  readonly status?: 'passing' | 'warning' | 'critical' | null;
}

/** Registers an instance and its check with one request, as an agent does. */
export async function register(server: ConsulServer, instance: RegisteredInstance): Promise<void> {
  await server.json('catalog/register', { method: 'PUT', body: registrationOf(instance) });
}

export async function deregister(server: ConsulServer, name: string, node = `${name}-node`): Promise<void> {
  await server.json('catalog/deregister', { method: 'PUT', body: { Node: node, ServiceID: `${name}-1` } });
}

function registrationOf({ name, address = '127.0.0.1', port, node, tags = [], meta = {}, status = 'passing' }: RegisteredInstance): object {
  const id = `${name}-1`;
  const check = { CheckID: `service:${id}`, Name: 'alive', Status: status, ServiceID: id };
  return {
    Node: node ?? `${name}-node`,
    Address: '127.0.0.1',
    Service: { ID: id, Service: name, Address: address, Port: port, Tags: tags, Meta: meta },
    ...(status === null ? {} : { Checks: [check] }),
  };
}
