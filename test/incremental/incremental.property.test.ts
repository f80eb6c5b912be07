import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type TypeUrlName, typeUrls } from '../../src/envoy/type-urls.ts';
import type { ProxyViews } from '../../src/xds/views/proxy-views.ts';
import { TextMesh } from '../harness/text-mesh.ts';
import { proxies } from './proxies.ts';
import { apply, type Edit, edit, objectOf, objectsOf, refOfSlot, type World } from './world.ts';

const types: readonly TypeUrlName[] = ['CDS', 'EDS', 'LDS', 'RDS'];
const runs = Number(process.env['COXSWAIN_RUNS'] ?? 60);

/** Version (a content hash) of every resource of every view. */
function snapshot(views: readonly ProxyViews[]): Readonly<Record<string, string>> {
  const entries: [string, string][] = [];
  views.forEach((view, index) => {
    for (const type of types) {
      for (const [name, { version }] of view.view(typeUrls[type])?.all() ?? []) entries.push([`${index} ${type} ${name}`, version]);
    }
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function fresh(world: World): Promise<TextMesh> {
  const mesh = await TextMesh.create({ config: [] });
  mesh.texts.applyObjects(objectsOf(world));
  return mesh;
}

async function fromScratch(world: World): Promise<Readonly<Record<string, string>>> {
  const mesh = await fresh(world);
  return snapshot(proxies.map((proxy) => mesh.connect(proxy)));
}

function make(mesh: TextMesh, { slot, variant }: Edit): void {
  if (variant === undefined) mesh.texts.remove(refOfSlot(slot));
  else mesh.texts.applyObjects([objectOf({ slot, variant })]);
}

test(`what is kept up to date equals what is built from scratch (${runs} histories)`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { maxLength: 25 }), fc.array(edit, { minLength: 1, maxLength: 12 }), async (start, edits) => {
      let world: World = start.reduce(apply, new Map());
      const live = await fresh(world);
      const views = proxies.map((proxy) => live.connect(proxy));
      snapshot(views);
      for (const [index, one] of edits.entries()) {
        make(live, one);
        world = apply(world, one);
        if (index % 4 === 3) expect(snapshot(views)).toEqual(await fromScratch(world));
      }
      expect(snapshot(views)).toEqual(await fromScratch(world));
    }),
    { numRuns: runs },
  );
}, 3_600_000);

test(`the order of events does not matter (${runs} worlds)`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 2, maxLength: 30 }), fc.integer(), async (edits, seed) => {
      const world: World = edits.reduce(apply, new Map());
      const expected = await fromScratch(world);
      const shuffled = [...world].sort(([a], [b]) => scramble(a, seed) - scramble(b, seed));
      const live = await TextMesh.create({ config: [] });
      const views = proxies.map((proxy) => live.connect(proxy));
      for (const [slot, variant] of shuffled) {
        make(live, { slot, variant });
        snapshot(views.slice(0, 1));
      }
      expect(snapshot(views)).toEqual(expected);
    }),
    { numRuns: runs },
  );
}, 3_600_000);

function scramble(value: number, seed: number): number {
  return Math.imul(value + 1, 2654435761 ^ seed) >>> 0;
}
