const identity = /^spiffe:\/\/[^/]*(\/ns\/[^/]+\/sa\/[^/]+)$/;

/**
 * The identities, and each of a workload once more for every alias of the mesh's trust domain: certificates of both are met
 * while a mesh moves from one to the other (MeshConfig.trustDomainAliases; Istio `ExpandWithTrustDomains`).
 */
export function withTrustDomainAliases(identities: Iterable<string>, aliases: readonly string[]): ReadonlySet<string> {
  const all = new Set(identities);
  for (const name of [...all]) {
    const path = identity.exec(name)?.[1];
    if (path !== undefined) for (const alias of aliases) all.add(`spiffe://${alias}${path}`);
  }
  return all;
}
