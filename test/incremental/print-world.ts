// SEED COUNT: prints name, version and hash of all that the proxies are served of a random world, its objects told in their order or,
// where ORDER is `reversed`, the other way round. Run in processes that differ in everything which must not matter (P11).
import fc from 'fast-check';
import { hashBytes } from '../../src/lib/hash.ts';
import { proxies } from './proxies.ts';
import { snapshot } from './snapshot.ts';
import { editsOf, meshOf, tell } from './tell-world.ts';
import { apply, edit, type World } from './world.ts';

const [seed, count, order] = process.argv.slice(2);
const edits = fc.sample(edit, { seed: Number(seed), numRuns: Number(count) });
const all = editsOf(edits.reduce(apply, new Map() as World));
const mesh = await meshOf(new Map());
tell(mesh, order === 'reversed' ? all.toReversed() : all);
const served = snapshot((order === 'reversed' ? proxies.toReversed() : proxies).map((proxy) => mesh.connect(proxy)));
const lines = [...served].map(([name, { version, any }]) => {
  const [index, ...rest] = name.split(' ');
  const proxy = order === 'reversed' ? proxies.length - 1 - Number(index) : index;
  return `${proxy} ${rest.join(' ')} ${version} ${hashBytes(any)}`;
});
process.stdout.write(`${lines.sort().join('\n')}\n`);
