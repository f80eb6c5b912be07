import { mkdtempSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { Engine } from '../../incremental/engine.ts';
import { systemClock } from '../../lib/clock.ts';
import { ConfigController } from '../config-controller.ts';
import { MeshConfigFile } from './mesh-config-file.ts';

const until = (check: () => void) => vi.waitFor(check, { timeout: 8000, interval: 5 });

it('follows the file, keeps the last good settings, and says where an error is', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'coxswain-mesh-'));
  const path = join(directory, 'mesh.yaml');
  const stop = new AbortController();
  onTestFinished(() => {
    stop.abort();
    rmSync(directory, { recursive: true });
  });
  const sources = [new MeshConfigFile({ path, clock: systemClock })];
  const meshConfig = { defaults: {}, parse: (value: unknown) => ({ value: value as object, issues: [] }) };
  const controller = new ConfigController<object>({ engine: new Engine(), kinds: [], sources, meshConfig, rootNamespace: 'istio-system' });
  await controller.start(stop.signal);
  expect(controller.hasSynced()).toBe(true);
  expect(controller.issues.get()).toMatchObject([{ code: 'CXS0108', position: { file: path } }]);

  writeFileSync(path, 'trustDomain: one\n');
  await until(() => expect(controller.meshConfig.get()).toEqual({ trustDomain: 'one' }));
  expect(controller.issues.get()).toEqual([]);

  writeFileSync(`${path}.tmp`, 'trustDomain: two\nbad: [\n');
  renameSync(`${path}.tmp`, path);
  await until(() => expect(controller.issues.get()).toMatchObject([{ code: 'CXS0108', position: { file: path, line: 3, column: 1 } }]));
  expect(controller.meshConfig.get()).toEqual({ trustDomain: 'one' });

  writeFileSync(path, 'trustDomain: three\n');
  await until(() => expect(controller.meshConfig.get()).toEqual({ trustDomain: 'three' }));
  unlinkSync(path);
  await until(() => expect(controller.issues.get()).toHaveLength(1));
  expect(controller.meshConfig.get()).toEqual({ trustDomain: 'three' });
});
