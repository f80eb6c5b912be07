import fc from 'fast-check';
import { expect, test } from 'vitest';
import { typeUrls } from '../../src/envoy/type-urls.ts';
import type { ProxyViews } from '../../src/xds/views/proxy-views.ts';
import type { TextMesh } from '../harness/text-mesh.ts';
import { proxies } from './proxies.ts';
import { meshOf, tell } from './tell-world.ts';
import { edit, edits } from './world.ts';

type Table = Record<string, unknown> & { readonly virtual_hosts?: readonly { readonly name: string }[] };

const envoys = proxies.filter(({ metadata }) => metadata?.['GENERATOR'] !== 'grpc');
const recent = { user_agent_build_version: { version: { major_number: 1, minor_number: 40 } } };
const runs = Number(process.env['COXSWAIN_RUNS'] ?? 200);

/** Tables by name as a client holds them that was sent everything: hosts in the order of their names, which means nothing. */
function tablesOf(mesh: TextMesh, views: ProxyViews): ReadonlyMap<string, object> {
  const apart = Map.groupBy(mesh.resources(views, 'VHDS').entries(), ([name]) => name.slice(0, name.lastIndexOf('/')));
  return new Map(
    [...(mesh.resources(views, 'RDS') as ReadonlyMap<string, Table>)].map(([name, { vhds, virtual_hosts = [], ...table }]) => {
      const hosts = apart.get(name)?.map(([resource, host]) => {
        expect(host['name']).toBe(resource);
        const { '@type': _, ...fields } = host;
        return { ...fields, name: resource.slice(name.length + 1).replaceAll('%2F', '/') };
      });
      expect(hosts !== undefined).toBe(vhds !== undefined && vhds !== null);
      const all = [...virtual_hosts, ...(hosts ?? [])] as { readonly name: string }[];
      return [name, { ...table, virtual_hosts: all.toSorted((a, b) => (a.name < b.name ? -1 : 1)) }];
    }),
  );
}

test('tables taken apart hold what whole ones hold, after any history', async () => {
  await fc.assert(
    fc.asyncProperty(edits, fc.array(edit, { maxLength: 15 }), async (first, then) => {
      const mesh = await meshOf(new Map());
      for (const one of first) tell(mesh, [one]);
      const whole = envoys.map((proxy) => mesh.connect(proxy));
      const apart = envoys.map((proxy) => mesh.connect(proxy, recent, 'delta'));
      const compare = () => {
        envoys.forEach((_proxy, index) => {
          const [inTables, byThemselves] = [whole[index] as ProxyViews, apart[index] as ProxyViews];
          const expected = tablesOf(mesh, inTables);
          const found = tablesOf(mesh, byThemselves);
          expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
          for (const [name, table] of expected) expect(found.get(name), `${envoys[index]?.nodeId} ${name}`).toEqual(table);
          expect(inTables.view(typeUrls.VHDS)).toBeUndefined();
        });
      };
      compare();
      for (const change of then) {
        tell(mesh, [change]);
        compare();
      }
      for (const view of [...whole, ...apart]) view.close();
    }),
    { numRuns: Math.ceil(runs / 4) },
  );
}, 600_000);
