/** Rules on MeshRegistries beyond their structure. Our own. */

import { parseDurationMs } from '../../lib/duration.ts';
import type { ConfigObject } from '../../model/config-object.ts';
import type { Issue } from '../../model/issue.ts';
import type { Path } from '../field/parse-context.ts';
import { Report } from '../report.ts';
import type { ConsulRegistry } from './consul-registry.ts';
import { hostKey, type MergeEntry } from './merge-entry.ts';
import { type MeshRegistries, registryIdOf } from './mesh-registries.ts';

/** Names of sources that every mesh has: endpoints of a registry must not be taken for theirs. */
const takenIds: ReadonlySet<string> = new Set(['kubernetes', 'external']);

export function validateMeshRegistries(object: ConfigObject<MeshRegistries>): readonly Issue[] {
  const report = new Report();
  const seen = new Set<string>();
  for (const [index, entry] of object.spec.registries.entries()) {
    const path = ['spec', 'registries', index];
    const id = registryIdOf(entry);
    if (seen.has(id))
      report.error([...path, 'id'], `is "${id}", as of another registry in this list`, 'give each registry an id of its own');
    if (takenIds.has(id.toLowerCase())) report.error([...path, 'id'], `must not be "${id}": the mesh itself has a registry of this name`);
    seen.add(id);
    if (entry.consul) checkConsul(entry.consul, [...path, 'consul'], report);
  }
  checkMerges(object.spec.merge ?? [], report);
  return report.issues;
}

function checkMerges(merges: readonly MergeEntry[], report: Report): void {
  const seen = new Set<string>();
  for (const [index, entry] of merges.entries()) {
    const path = ['spec', 'merge', index];
    const key = hostKey(entry);
    if (seen.has(key))
      report.error([...path, 'host'], `is "${entry.host}" in namespace "${entry.namespace}", as of another entry in this list`);
    seen.add(key);
    const joining = entry.with ?? [];
    for (const [i, service] of joining.entries()) {
      if (hostKey(service) === key) report.error([...path, 'with', i], 'is the host itself');
    }
    if (joining.length === 0 && entry.mode === undefined)
      report.warn(path, 'has no effect: it states neither a mode nor services that join');
  }
}

export function checkConsul(consul: ConsulRegistry, path: Path, report: Report): void {
  const { certFile, keyFile, caFile, address, consistency, maxStale, wait, maxWatches = 0 } = consul;
  if ((certFile === undefined) !== (keyFile === undefined)) {
    const missing = certFile === undefined ? 'certFile' : 'keyFile';
    report.error([...path, missing], 'is required: a certificate and its key go together');
  }
  const hasTls = caFile !== undefined || certFile !== undefined || consul.tlsServerName !== undefined;
  if (hasTls && address.startsWith('http://')) report.error([...path, 'address'], 'must begin with https://, because TLS files are given');
  if (maxStale !== undefined && consistency !== 'stale') report.warn([...path, 'maxStale'], 'has no effect without consistency "stale"');
  if (wait !== undefined && (parseDurationMs(wait) ?? 0) > 300_000) {
    report.warn([...path, 'wait'], 'is long: a connection that was lost in silence is noticed only after it');
  }
  if (maxWatches > 150) {
    report.warn([...path, 'maxWatches'], "is beyond what fits into Consul's default of 200 connections for a client");
  }
}
