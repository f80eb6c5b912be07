import type { Agent } from 'node:https';
import type { KubeTls } from './kube-access.ts';

/** One pool of connections for as long as certificates stay the same; a rotated one begins a new pool, and the old ends as it is left. */
export function agentsPerTls(create: (tls: KubeTls) => Agent): (tls: KubeTls) => Agent {
  let current: { readonly tls: KubeTls; readonly agent: Agent } | undefined;
  return (tls) => {
    if (!current || !sameTls(current.tls, tls)) current = { tls, agent: create(tls) };
    return current.agent;
  };
}

function sameTls(a: KubeTls, b: KubeTls): boolean {
  return (
    sameBytes(a.ca, b.ca) &&
    sameBytes(a.cert, b.cert) &&
    sameBytes(a.key, b.key) &&
    a.servername === b.servername &&
    a.rejectUnauthorized === b.rejectUnauthorized
  );
}

function sameBytes(a: string | Buffer | undefined, b: string | Buffer | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return bytes(a).equals(bytes(b));
}

function bytes(material: string | Buffer): Buffer {
  return typeof material === 'string' ? Buffer.from(material) : material;
}
