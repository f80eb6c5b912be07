export interface Instance {
  readonly host: string;
  readonly port: number;
}

/** Who registered itself under which name: what a Consul is in the Go-kit lesson. All instances of `register` share one. */
export class ServiceDirectory {
  private readonly services = new Map<string, Map<string, Instance>>();

  register(serviceName: string, instance: Instance): void {
    const instances = this.services.get(serviceName) ?? new Map<string, Instance>();
    instances.set(`${instance.host}:${instance.port}`, instance);
    this.services.set(serviceName, instances);
  }

  /** In the order of their first registration. */
  discover(serviceName: string): readonly Instance[] {
    return [...(this.services.get(serviceName)?.values() ?? [])];
  }
}
