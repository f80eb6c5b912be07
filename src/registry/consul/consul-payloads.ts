/** The parts of Consul's answers that a mesh reads, and whether an answer has their shape at all. */

/** `catalog/services`: tags by name. */
export type CatalogNames = ReadonlyMap<string, readonly string[]>;

/** One check of `health/state/any` or of an instance. Without a service it is about the whole node. */
export interface ConsulCheck {
  readonly node: string;
  readonly checkId: string;
  readonly status: string;
  readonly serviceId: string;
  readonly serviceName: string;
  readonly serviceTags: readonly string[];
  readonly modifyIndex: number;
}

export interface ConsulPort {
  readonly name: string;
  readonly port: number;
}

/** One instance as registered, without what checks say of it. */
export interface ConsulInstance {
  readonly node: string;
  readonly id: string;
  readonly kind: string;
  readonly address: string;
  /** Tagged addresses by name: `wan`, `lan_ipv4`, `virtual`, `consul-virtual`. The port is 0 where they have none of their own. */
  readonly tagged: Readonly<Record<string, { readonly address: string; readonly port: number }>>;
  readonly nodeAddress: string;
  readonly nodeTagged: Readonly<Record<string, string>>;
  readonly datacenter: string;
  readonly port: number;
  readonly ports: readonly ConsulPort[];
  readonly socketPath: string;
  readonly tags: readonly string[];
  readonly meta: Readonly<Record<string, string>>;
  readonly weights: { readonly passing: number; readonly warning: number };
  /** `region/zone`, empty where Consul knows none. */
  readonly locality: string;
  readonly modifyIndex: number;
}

/** `health/service/X`. */
export interface ServiceAnswer {
  readonly instances: readonly ConsulInstance[];
  readonly checks: readonly ConsulCheck[];
}

/** The answer has not the shape that Consul documents: cut short, rewritten by a proxy, or not from Consul at all. */
export class MalformedAnswer extends Error {}

export function readNames(body: unknown): CatalogNames {
  if (!isRecord(body)) throw new MalformedAnswer('catalog/services is no object');
  return new Map(Object.entries(body).map(([name, tags]) => [name, texts(tags)]));
}

export function readChecks(body: unknown): readonly ConsulCheck[] {
  return list(body, 'health/state/any').map(readCheck);
}

export function readService(body: unknown): ServiceAnswer {
  const entries = list(body, 'health/service').map((entry) => {
    if (!isRecord(entry) || !isRecord(entry['Node']) || !isRecord(entry['Service']))
      throw new MalformedAnswer('an instance without Node or Service');
    return { instance: readInstance(entry['Node'], entry['Service']), checks: list(entry['Checks'] ?? [], 'Checks').map(readCheck) };
  });
  return { instances: entries.map(({ instance }) => instance), checks: entries.flatMap(({ checks }) => checks) };
}

function readCheck(check: unknown): ConsulCheck {
  if (!isRecord(check)) throw new MalformedAnswer('a check that is no object');
  return {
    node: required(check, 'Node'),
    checkId: required(check, 'CheckID'),
    status: required(check, 'Status'),
    serviceId: text(check['ServiceID']),
    serviceName: text(check['ServiceName']),
    serviceTags: texts(check['ServiceTags']),
    modifyIndex: number(check['ModifyIndex']),
  };
}

function readInstance(node: Json, service: Json): ConsulInstance {
  const locality = isRecord(service['Locality']) ? service['Locality'] : isRecord(node['Locality']) ? node['Locality'] : undefined;
  const weights = isRecord(service['Weights']) ? service['Weights'] : {};
  return {
    node: required(node, 'Node'),
    id: required(service, 'ID'),
    kind: text(service['Kind']),
    address: text(service['Address']),
    tagged: taggedAddresses(service['TaggedAddresses']),
    nodeAddress: text(node['Address']),
    nodeTagged: textMap(node['TaggedAddresses']),
    datacenter: text(node['Datacenter']),
    port: number(service['Port']),
    ports: readPorts(service['Ports']),
    socketPath: text(service['SocketPath']),
    tags: texts(service['Tags']),
    meta: textMap(service['Meta']),
    weights: { passing: number(weights['Passing'] ?? 1), warning: number(weights['Warning'] ?? 1) },
    locality: locality === undefined ? '' : [text(locality['Region']), text(locality['Zone'])].join('/').replace(/^\/$/, ''),
    modifyIndex: number(service['ModifyIndex']),
  };
}

/** Several ports, the default one first (Consul 1.22). */
function readPorts(ports: unknown): readonly ConsulPort[] {
  if (!Array.isArray(ports)) return [];
  return (ports as readonly unknown[])
    .filter(isRecord)
    .map((port) => ({ name: text(port['Name']), port: number(port['Port']), isDefault: port['Default'] === true }))
    .sort((a, b) => Number(b.isDefault) - Number(a.isDefault))
    .map(({ name, port }) => ({ name, port }));
}

function taggedAddresses(value: unknown): ConsulInstance['tagged'] {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, at]) =>
      isRecord(at) ? [[name, { address: text(at['Address']), port: number(at['Port'] ?? 0) }]] : [],
    ),
  );
}

type Json = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new MalformedAnswer(`${what} is no list`);
  return value as readonly unknown[];
}

function required(json: Json, field: string): string {
  const value = json[field];
  if (typeof value !== 'string' || value === '') throw new MalformedAnswer(`${field} is missing`);
  return value;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function number(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? (value as readonly unknown[]).filter((item) => typeof item === 'string') : [];
}

function textMap(value: unknown): Readonly<Record<string, string>> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
