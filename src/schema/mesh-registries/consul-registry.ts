/** One Consul as a source of services. The same names, in kebab case, are the parameters of `serve --registry consul://...`. */

import { parseProtocol } from '../../model/protocol.ts';
import { object } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { bool, choice, duration, int32, string } from '../field/scalars.ts';
import { dnsLabel, dnsSubdomain } from '../parts/name-checks.ts';
import { consulAddress } from './consul-address.ts';

const text = () => string({ minLength: 1, maxLength: 253 });
const path = () => string({ minLength: 1, maxLength: 4096 });

export const consulRegistry = object({
  /** `HOST:PORT`, `http://HOST:PORT` or `https://HOST:PORT` of an agent or server. */
  address: string({ required: true, minLength: 1, maxLength: 512, check: consulAddress }),
  /** A file with an ACL token; read anew when it changes. There is no way to write the token itself. */
  tokenFile: path(),
  /** PEM files, read anew when they change. Any of them means HTTPS. */
  caFile: path(),
  certFile: path(),
  keyFile: path(),
  /** Name that the server's certificate must have where it is not the host of the address. */
  tlsServerName: text(),
  /** The agent's own where unset. */
  datacenter: text(),
  /** Namespace and admin partition of Consul Enterprise. */
  namespace: text(),
  partition: text(),
  /** `stale` lets any server answer; what is older than `maxStale` is asked of the leader again. */
  consistency: choice(['default', 'stale', 'consistent']),
  maxStale: duration({ minMs: 1, maxMs: 3_600_000 }),
  /** How long a blocking query waits for a change. */
  wait: duration({ minMs: 1000, maxMs: 600_000 }),
  /** Blocking queries for single services at most, out of the 200 connections that Consul grants a client. */
  maxWatches: int32({ min: 0, max: 5000 }),
  /** Answers that one watch takes in a second at most. */
  maxRate: int32({ min: 1, max: 1000 }),
  /** Takes an answer out of which ACLs have filtered something for the whole truth. */
  acceptFiltered: bool(),
  /** What the mesh sees: namespace of the services, and the domain in `<service>.service.<domain>`. */
  meshNamespace: string({ minLength: 1, maxLength: 63, check: dnsLabel }),
  domain: string({ minLength: 1, maxLength: 200, check: dnsSubdomain }),
  /** Also `<service>.service.<datacenter>.<domain>`; on where unset. */
  datacenterHosts: bool(),
  /** Also `<tag>.<service>.service.<domain>`; off where unset. */
  tagHosts: bool(),
  /** Of ports that say nothing of their own. */
  protocol: string({ minLength: 1, check: knownProtocol }),
  /** Number of the service port where instances have ports of their own choice. */
  port: int32({ min: 1, max: 65535 }),
  /** Service account of instances that state none; `{service}` stands for the service's name. */
  serviceAccount: text(),
  network: text(),
  /** `wan`: instances are reached at the tagged address `wan`, from another network. */
  addresses: choice(['lan', 'wan']),
  /** What clients get of a service without a single healthy instance: none, all, or those that were healthy last. */
  allUnhealthy: choice(['empty', 'panic', 'keep']),
  /** How long instances are kept that Consul does not list any more when it answers again after an outage; off where unset. */
  graceAfterOutage: duration({ minMs: 1000, maxMs: 86_400_000 }),
  /** Leaves out services whose names end in `-management`, as Spring Boot registers them. */
  hideManagement: bool(),
});
export type ConsulRegistry = Infer<typeof consulRegistry>;

function knownProtocol(name: string): string | undefined {
  return parseProtocol(name) === 'Auto' && name.toLowerCase() !== 'auto' ? 'must be a protocol such as http, grpc or tcp' : undefined;
}
