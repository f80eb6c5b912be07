import { ConsulFailure } from './consul-failure.ts';
import type { CatalogNames, ConsulCheck } from './consul-payloads.ts';
import type { ConsulConnection } from './consul-settings.ts';

/**
 * Consul lists itself, and a check of each of its nodes, so that a list without anything is one out of which ACLs took everything. For a
 * request without a valid token there is no header that would say so. Other namespaces and partitions may well be empty.
 */
export function checkNames(names: CatalogNames, connection: ConsulConnection): void {
  if (names.size > 0 || !seesConsulItself(connection)) return;
  throw new ConsulFailure('filtered', 'catalog/services is empty, not even Consul is listed: ACLs hide everything from this token');
}

export function checkChecks(checks: readonly ConsulCheck[], connection: ConsulConnection): void {
  if (checks.length > 0 || !seesConsulItself(connection)) return;
  throw new ConsulFailure('filtered', 'health/state/any is empty, without a check of any node: ACLs hide nodes from this token');
}

export function emptyService(name: string): ConsulFailure {
  return new ConsulFailure('filtered', `health/service/${name} is empty although the service is listed: may the ACL token read nodes?`);
}

function seesConsulItself({ namespace, partition, acceptFiltered }: ConsulConnection): boolean {
  return namespace === undefined && partition === undefined && !acceptFiltered;
}
