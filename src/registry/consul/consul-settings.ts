import { parseDurationMs } from '../../lib/duration.ts';
import { type Protocol, parseProtocol } from '../../model/protocol.ts';
import { parseConsulAddress } from '../../schema/mesh-registries/consul-address.ts';
import type { ConsulRegistry } from '../../schema/mesh-registries/consul-registry.ts';

/** How one Consul is reached and asked. */
export interface ConsulConnection {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  readonly tokenFile?: string;
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly tlsServerName?: string;
  readonly datacenter?: string;
  readonly namespace?: string;
  readonly partition?: string;
  readonly consistency: 'default' | 'stale' | 'consistent';
  readonly maxStaleMs: number;
  readonly waitMs: number;
  readonly maxWatches: number;
  /** Answers of one watch in a second at most. */
  readonly maxRate: number;
  readonly acceptFiltered: boolean;
}

/** What the mesh makes of what Consul says. */
export interface ConsulMapping {
  readonly meshNamespace: string;
  readonly domain: string;
  readonly datacenterHosts: boolean;
  readonly tagHosts: boolean;
  readonly protocol: Protocol;
  readonly port?: number;
  readonly serviceAccount: string;
  readonly network: string;
  readonly addresses: 'lan' | 'wan';
  readonly allUnhealthy: 'empty' | 'panic' | 'keep';
  readonly hideManagement: boolean;
  /** How long instances are kept that Consul does not list any more after an outage; 0: not at all. */
  readonly graceAfterOutageMs: number;
}

export interface ConsulSettings {
  readonly connection: ConsulConnection;
  readonly mapping: ConsulMapping;
}

/**
 * A silent loss of the connection is noticed when `wait` has passed, so it is shorter than Consul's own default of five minutes.
 * Two requests a minute are the price.
 */
const defaultWaitMs = 60_000;
/** Together with two global watches and 32 targeted reads this stays under Consul's default of 200 connections for a client. */
const defaultMaxWatches = 150;
const defaultMaxRate = 10;
const defaultMaxStaleMs = 5000;

/** A validated configuration with its defaults. */
export function consulSettings(spec: ConsulRegistry): ConsulSettings {
  return { connection: connectionOf(spec), mapping: mappingOf(spec) };
}

function connectionOf(spec: ConsulRegistry): ConsulConnection {
  const address = parseConsulAddress(spec.address);
  if ('problem' in address) throw new Error(`an address that was not validated: ${address.problem}`);
  const { tokenFile, caFile, certFile, keyFile, tlsServerName, datacenter, namespace, partition } = spec;
  const hasTls = [caFile, certFile, tlsServerName].some((value) => value !== undefined);
  return {
    ...address,
    scheme: hasTls ? 'https' : address.scheme,
    ...(tokenFile === undefined ? {} : { tokenFile }),
    ...(caFile === undefined ? {} : { caFile }),
    ...(certFile === undefined ? {} : { certFile }),
    ...(keyFile === undefined ? {} : { keyFile }),
    ...(tlsServerName === undefined ? {} : { tlsServerName }),
    ...(datacenter === undefined ? {} : { datacenter }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(partition === undefined ? {} : { partition }),
    consistency: spec.consistency ?? 'default',
    maxStaleMs: durationOr(spec.maxStale, defaultMaxStaleMs),
    waitMs: durationOr(spec.wait, defaultWaitMs),
    maxWatches: spec.maxWatches ?? defaultMaxWatches,
    maxRate: spec.maxRate ?? defaultMaxRate,
    acceptFiltered: spec.acceptFiltered ?? false,
  };
}

function mappingOf(spec: ConsulRegistry): ConsulMapping {
  return {
    meshNamespace: spec.meshNamespace ?? 'consul',
    domain: spec.domain ?? 'consul',
    datacenterHosts: spec.datacenterHosts ?? true,
    tagHosts: spec.tagHosts ?? false,
    protocol: parseProtocol(spec.protocol),
    ...(spec.port === undefined ? {} : { port: spec.port }),
    serviceAccount: spec.serviceAccount ?? '',
    network: spec.network ?? '',
    addresses: spec.addresses ?? 'lan',
    allUnhealthy: spec.allUnhealthy ?? 'empty',
    hideManagement: spec.hideManagement ?? false,
    graceAfterOutageMs: durationOr(spec.graceAfterOutage, 0),
  };
}

function durationOr(text: string | undefined, otherwise: number): number {
  return (text === undefined ? undefined : parseDurationMs(text)) ?? otherwise;
}

/** `http://HOST:PORT`, as an operator sees it. */
export function consulAddressOf({ scheme, host, port }: ConsulConnection): string {
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
