import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import packageJson from '../../package.json' with { type: 'json' };
import { deployFiles, generatedFolders } from './deploy-files.ts';
import { release } from './release.ts';

const deploy = join(import.meta.dirname, '../../deploy');

function onDisk(): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const folder of generatedFolders) {
    for (const entry of readdirSync(join(deploy, folder), { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile()) files.set(relative(deploy, path), readFileSync(path, 'utf8'));
    }
  }
  return files;
}

describe('deploy/', () => {
  it('is what the generator writes: run `npm run deploy:generate` after a change', () => {
    const generated = deployFiles();
    const disk = onDisk();
    expect([...disk.keys()].sort()).toEqual([...generated.keys()].sort());
    for (const [path, text] of generated) expect(disk.get(path) === text, `deploy/${path} is up to date`).toBe(true);
  });

  it('is the same, byte by byte, every time', () => {
    expect([...deployFiles()]).toEqual([...deployFiles()]);
  });

  it('installs the images of this version', () => {
    expect(release.tag).toBe(packageJson.version);
  });

  it('names no object twice in one profile', () => {
    for (const [path, text] of deployFiles()) {
      if (!path.endsWith('manifest.yaml')) continue;
      const names = parseAllDocuments(text).map((document) => {
        const { kind, metadata } = document.toJS() as { kind: string; metadata: { name: string } };
        return `${kind}/${metadata.name}`;
      });
      expect(names, path).toEqual([...new Set(names)]);
    }
  });
});
