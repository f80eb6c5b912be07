import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';

// Some of the tools pass vacuously when they look at nothing: each gate is shown a small project with one thing wrong.
const root = resolve(import.meta.dirname, '../..');
const settings = ['package.json', 'tsconfig.json', '.dependency-cruiser.mjs', '.oxlintrc.json', 'biome.json'];
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A project with the settings of this one and these files. */
function project(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'coxswain-check-'));
  folders.push(folder);
  for (const name of settings) cpSync(join(root, name), join(folder, name));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  mkdirSync(join(folder, 'src/envoy/generated'), { recursive: true });
  mkdirSync(join(folder, 'test'));
  mkdirSync(join(folder, 'scripts'));
  writeFileSync(join(folder, 'test/none.ts'), 'export {};\n');
  writeFileSync(join(folder, 'scripts/none.mjs'), 'export {};\n');
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

function check(folder: string, step: string): { readonly status: number | null; readonly output: string } {
  const run = spawnSync(process.execPath, [join(root, 'scripts/check.mjs'), step], { cwd: folder, encoding: 'utf8' });
  return { status: run.status, output: run.stdout + run.stderr };
}

const sound = {
  'src/lib/wait.ts': 'export async function wait(): Promise<void> {}\n',
  'src/mesh/meaning.ts': "import { wait } from '../lib/wait.ts';\n\nexport async function meaning(): Promise<void> {\n  await wait();\n}\n",
};

test.each(['layer rules', 'type-aware lint', 'types'])('a sound project passes: %s', (step) => {
  const { status, output } = check(project(sound), step);
  expect(output).toContain(`ok      ${step}`);
  expect(status).toBe(0);
});

test('a forbidden import fails, and the rule is named', () => {
  const upward = {
    ...sound,
    'src/xds/builder.ts': 'export const builder = 1;\n',
    'src/mesh/upward.ts': "export { builder } from '../xds/builder.ts';\n",
  };
  const { status, output } = check(project(upward), 'layer rules');
  expect(output).toContain('mesh-imports-only-below');
  expect(status).toBe(1);
});

test('a cycle fails', () => {
  const cycle = {
    ...sound,
    'src/lib/a.ts': "import { b } from './b.ts';\n\nexport const a = (): number => b() + 1;\n",
    'src/lib/b.ts': "import { a } from './a.ts';\n\nexport const b = (): number => a() + 1;\n",
  };
  const { status, output } = check(project(cycle), 'layer rules');
  expect(output).toContain('no-cycles');
  expect(status).toBe(1);
});

test('a floating promise fails', () => {
  const floating = {
    ...sound,
    'src/mesh/floating.ts': "import { wait } from '../lib/wait.ts';\n\nexport function floating(): void {\n  wait();\n}\n",
  };
  const { status, output } = check(project(floating), 'type-aware lint');
  expect(output).toContain('no-floating-promises');
  expect(status).toBe(1);
});

test('a type error fails', () => {
  const { status, output } = check(project({ ...sound, 'src/lib/wrong.ts': "export const wrong: number = 'text';\n" }), 'types');
  expect(output).toContain('TS2322');
  expect(status).toBe(1);
});

test('layer rules that looked at nothing fail', () => {
  const { status, output } = check(project({}), 'layer rules');
  expect(output).toContain('no module was looked at');
  expect(status).toBe(1);
});
