import type { EnvoyObjectPatch } from '../../schema/envoy-filter/envoy-filter.ts';

/** Fields by which virtual hosts of one table are told apart, or are not; in both spellings of JSON. */
const ofTable: readonly string[] = ['name', 'virtual_hosts', 'virtualHosts', 'vhds'];
const ofHost: readonly string[] = ['name', 'domains'];
/** The host that every table ends in. */
const catchAlls: readonly string[] = ['allow_any', 'block_all', '*'];

/**
 * Whether a patch of route tables can be applied to each virtual host by itself: it adds none, gives none other domains, and
 * leaves the last one. Patches of other things do not count.
 */
export function leavesHostsAlone({ applyTo, match, patch }: EnvoyObjectPatch): boolean {
  const fields = Object.keys(patch?.value ?? {});
  if (applyTo === 'ROUTE_CONFIGURATION') return !fields.some((field) => ofTable.includes(field));
  if (applyTo !== 'VIRTUAL_HOST') return true;
  const { operation = 'INVALID' } = patch ?? {};
  if (operation === 'MERGE' || operation === 'MERGE_AND_REPLACE_LIST') return !fields.some((field) => ofHost.includes(field));
  const { name, domainName } = match?.routeConfiguration?.vhost ?? {};
  const wanted = name || domainName;
  return operation === 'REMOVE' && Boolean(wanted) && !catchAlls.includes(wanted ?? '');
}
