import { compareText } from '../../model/config-object.ts';
import type { Protocol } from '../../model/protocol.ts';
import type { ServicePort } from '../../model/service.ts';
import type { ConsulMapping } from './consul-settings.ts';
import { meshHint } from './instance-labels.ts';
import { instancePorts } from './instance-ports.ts';
import type { InstanceFacts } from './service-facts.ts';

/** Clients need some port for what listens on a socket of the file system. */
const socketPort = 80;

/**
 * The ports of a service by the key of its instances' ports. The number is the one that an instance states (`mesh-port`), the configured one, else the most common of
 * the instances; the others are reached at their own. Of several that come out with one number the first by key stays.
 */
export function servicePorts(
  instances: readonly InstanceFacts[],
  mapping: Pick<ConsulMapping, 'protocol' | 'port'>,
): ReadonlyMap<string, ServicePort> {
  const numbers = new Map<string, number[]>();
  const protocols = new Map<string, Protocol[]>();
  const stated = new Map<string, number>();
  for (const instance of instances) {
    const meshPort = Number(meshHint(instance, 'port'));
    for (const [index, { key, number, protocol }] of instancePorts(instance, mapping.protocol).entries()) {
      append(numbers, key, number === 0 ? socketPort : number);
      append(protocols, key, protocol);
      if (index === 0 && isPort(meshPort)) stated.set(key, Math.min(meshPort, stated.get(key) ?? 65535));
    }
  }
  const taken = new Map<number, ServicePort>();
  const ports = new Map<string, ServicePort>();
  for (const key of [...numbers.keys()].sort(compareText)) {
    const configured = key === '' || numbers.size === 1 ? mapping.port : undefined;
    const number = stated.get(key) ?? configured ?? mostCommon(numbers.get(key) ?? [], (a, b) => a - b) ?? socketPort;
    const protocol = protocolOf(protocols.get(key) ?? []);
    const port = taken.get(number) ?? { number, name: key === '' ? nameOf(protocol) : key, protocol };
    taken.set(number, port);
    ports.set(key, port);
  }
  return ports;
}

/** The most common of those that are known. */
function protocolOf(protocols: readonly Protocol[]): Protocol {
  const known = protocols.filter((protocol) => protocol !== 'Auto');
  return mostCommon(known, compareText) ?? 'Auto';
}

function nameOf(protocol: Protocol): string {
  return protocol === 'Auto' ? 'default' : protocol.toLowerCase();
}

/** Of equally common ones the first in order. */
function mostCommon<T>(values: readonly T[], compare: (a: T, b: T) => number): T | undefined {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a, many], [b, few]) => few - many || compare(a, b))[0]?.[0];
}

function append<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

function isPort(number: number): boolean {
  return Number.isInteger(number) && number >= 1 && number <= 65535;
}
