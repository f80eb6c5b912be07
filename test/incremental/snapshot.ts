import { type TypeUrlName, typeUrls } from '../../src/envoy/type-urls.ts';
import type { ProxyViews } from '../../src/xds/views/proxy-views.ts';
import { proxies } from './proxies.ts';
import { meshOf } from './tell-world.ts';
import type { World } from './world.ts';

const types: readonly TypeUrlName[] = ['CDS', 'EDS', 'LDS', 'RDS', 'NDS', 'ECDS'];

/** Version and bytes of every resource of every view. */
export type Snapshot = ReadonlyMap<string, { readonly version: string; readonly any: Uint8Array }>;

export function snapshot(views: readonly ProxyViews[]): Snapshot {
  const entries = new Map<string, { readonly version: string; readonly any: Uint8Array }>();
  views.forEach((view, index) => {
    for (const type of types) {
      for (const [name, resource] of view.view(typeUrls[type])?.all() ?? []) entries.set(`${index} ${type} ${name}`, resource);
    }
  });
  return entries;
}

/** What differs between two snapshots, by name; bytes decide, not versions. */
export function differences(live: Snapshot, scratch: Snapshot): readonly string[] {
  const found: string[] = [];
  for (const [name, { any }] of scratch) {
    const kept = live.get(name);
    if (kept === undefined) found.push(`${name} is missing`);
    else if (Buffer.compare(kept.any, any) !== 0) found.push(`${name} differs`);
  }
  for (const name of live.keys()) if (!scratch.has(name)) found.push(`${name} should be gone`);
  return found;
}

/**
 * The same world in a new mesh, and without any sharing between namespaces: what is kept up to date in shared layers must
 * have the very bytes that each namespace would be given alone.
 */
export async function fromScratch(world: World): Promise<Snapshot> {
  const mesh = await meshOf(world, { COXSWAIN_SHARE_VIEWS: 'false' });
  const views = proxies.map((proxy) => mesh.connect(proxy));
  const result = snapshot(views);
  for (const view of views) view.close();
  return result;
}
