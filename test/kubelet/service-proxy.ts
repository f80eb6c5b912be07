import type { EndpointSlice, Service } from './kube-objects.ts';
import type { PodNetwork } from './pod-network.ts';
import { type Backend, backendsOf } from './service-names.ts';
import { TcpForwarder } from './tcp-forwarder.ts';

export interface ServiceProxyOptions {
  readonly network: PodNetwork;
  readonly services: ReadonlyMap<string, Service>;
  readonly slices: ReadonlyMap<string, EndpointSlice>;
  /** Where `kubernetes.default` leads: it has no endpoints here. */
  readonly apiServers: () => readonly Backend[];
}

/**
 * What kube-proxy is on a node, without a packet filter: every ClusterIP is an address of this machine, on which a process
 * listens that leads each connection to a ready endpoint. TCP only.
 */
export class ServiceProxy {
  private readonly options: ServiceProxyOptions;
  private readonly ports = new Map<string, Map<number, TcpForwarder>>();
  private readonly addresses = new Map<string, string>();
  private work: Promise<void> = Promise.resolve();
  private isStopped = false;

  constructor(options: ServiceProxyOptions) {
    this.options = options;
  }

  /** A Service is new, different or gone. */
  changed(key: string): void {
    this.work = this.work
      .then(() => this.reconcile(key))
      .catch((error: unknown) => {
        if (!this.isStopped) process.emitWarning(`service proxy: ${key}: ${String(error)}`);
      });
  }

  /** Resolves when all changes so far are in effect. */
  settled(): Promise<void> {
    return this.work;
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.work;
    for (const ports of this.ports.values()) for (const forwarder of ports.values()) forwarder.close();
  }

  private async reconcile(key: string): Promise<void> {
    if (this.isStopped) return;
    const service = this.options.services.get(key);
    const { clusterIP = 'None' } = service?.spec ?? {};
    const address = clusterIP === 'None' || clusterIP === '' ? undefined : clusterIP;
    const before = this.addresses.get(key);
    if (before !== undefined && before !== address) await this.remove(key, before);
    if (!service || address === undefined) return;
    if (before !== address) await this.options.network.addHostAddress(address);
    this.addresses.set(key, address);
    await this.listen(key, service, address);
  }

  private async listen(key: string, service: Service, address: string): Promise<void> {
    const ports = this.ports.get(key) ?? new Map<number, TcpForwarder>();
    this.ports.set(key, ports);
    const wanted = new Set((service.spec.ports ?? []).filter(({ protocol = 'TCP' }) => protocol === 'TCP').map(({ port }) => port));
    for (const [port, forwarder] of ports) {
      if (wanted.has(port)) continue;
      forwarder.close();
      ports.delete(port);
    }
    for (const port of wanted) {
      if (!ports.has(port)) ports.set(port, await TcpForwarder.listen(address, port, () => this.backends(key, port)));
    }
  }

  private backends(key: string, port: number): readonly Backend[] {
    if (key === 'default/kubernetes') return this.options.apiServers();
    const service = this.options.services.get(key);
    return service ? backendsOf(service, port, this.options.slices.values()) : [];
  }

  private async remove(key: string, address: string): Promise<void> {
    for (const forwarder of this.ports.get(key)?.values() ?? []) forwarder.close();
    this.ports.delete(key);
    this.addresses.delete(key);
    await this.options.network.removeHostAddress(address);
  }
}
