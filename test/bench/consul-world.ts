import type { ConsulServer } from '../harness/servers/consul-server.ts';

const perNode = 20;
/** Consul takes 64 operations in a transaction. */
const perTransaction = 30;

/** Services in a real Consul, each with one instance and its check, twenty to a node, in ways to change them. */
export class ConsulWorld {
  readonly services: number;
  private readonly server: ConsulServer;

  constructor(server: ConsulServer, services: number) {
    this.server = server;
    this.services = services;
  }

  async fill(): Promise<void> {
    for (let node = 0; node * perNode < this.services; node++) {
      await this.server.json('catalog/register', {
        method: 'PUT',
        body: { Node: `node-${node}`, Address: `10.50.${node >> 8}.${node & 255}` },
      });
    }
    for (let first = 0; first < this.services; first += perTransaction) {
      const operations = Array.from({ length: Math.min(perTransaction, this.services - first) }, (_, i) => {
        const { Node, Service, Check } = registration(first + i, 0, {});
        return [{ Service: { Verb: 'set', Node, Service } }, { Check: { Verb: 'set', Check: { ...Check, Node } } }];
      });
      await this.server.json('txn', { method: 'PUT', body: operations.flat() });
    }
  }

  /** Another instance of a service, at an address of its own. */
  addInstance(index: number, number: number): Promise<void> {
    return this.put(registration(index, number, {}));
  }

  setStatus(index: number, status: string, output = ''): Promise<void> {
    const { Node, Check } = registration(index, 0, {});
    return this.put({ Node, SkipNodeUpdate: true, Check: { ...Check, Status: status, Output: output } });
  }

  /** The same instance under the same id, with another port; its check is not written. */
  moveInstance(index: number, port: number): Promise<void> {
    const { Check: _, ...rest } = registration(index, 0, { Port: port });
    return this.put(rest);
  }

  registerAgain(index: number): Promise<void> {
    return this.put(registration(index, 0, {}));
  }

  private async put(body: object): Promise<void> {
    await this.server.json('catalog/register', { method: 'PUT', body });
  }
}

export function serviceName(index: number): string {
  return `service-${index}`;
}

/** The address of an instance that was added. */
export function addedAddress(index: number, number: number): string {
  return `10.${60 + number}.${index >> 8}.${index & 255}`;
}

function registration(index: number, number: number, more: object) {
  const id = `${serviceName(index)}-${number}`;
  const Address = addedAddress(index, number);
  const Service = {
    ID: id,
    Service: serviceName(index),
    Address,
    Port: 8080,
    Tags: ['v1'],
    Meta: { protocol: 'http', 'mesh-port': '80' },
    ...more,
  };
  const Check = { CheckID: `service:${id}`, Name: 'alive', Status: 'passing', ServiceID: id, Output: '' };
  return { Node: `node-${Math.floor(index / perNode)}`, SkipNodeUpdate: true, Service, Check };
}
