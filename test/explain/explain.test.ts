import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { explanationOf, textOf } from '../../src/app/explain.ts';
import { parseShellWords } from '../../src/explain/curl/shell-words.ts';
import { explainOptions } from './explain-options.ts';

const isUpdate = process.env['COXSWAIN_GOLDEN'] === 'update';
const root = join(import.meta.dirname, 'cases');

/**
 * What people read, letter by letter: in each folder of `cases/` a command line, perhaps files for its `--config`, and `out.txt` with what
 * comes of it. `npm run golden:update` records it anew.
 */
describe('explain', () => {
  test.each(readdirSync(root))('%s', async (name) => {
    const folder = join(root, name);
    const options = explainOptions(parseShellWords(readFileSync(join(folder, 'command'), 'utf8')));
    const printed = textOf(await explanationOf(options), options, false);
    const path = join(folder, 'out.txt');
    if (isUpdate) writeFileSync(path, printed);
    expect(printed, relative(process.cwd(), path)).toBe(
      existsSync(path) ? readFileSync(path, 'utf8') : '(not recorded: npm run golden:update)',
    );
  });

  test.each(['jason', 'missing-subset', 'gateway-unbound', 'strict'])('docs/explain.md shows %s as it is', (name) => {
    const printed = readFileSync(join(root, name, 'out.txt'), 'utf8').replaceAll(/test\/explain\/(cases|worlds)\/[^/]+\//g, 'mesh/');
    expect(readFileSync('docs/explain.md', 'utf8')).toContain(printed);
  });
});
