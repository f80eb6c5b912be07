import { mkdirSync, renameSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DirectoryFixture, serviceEntry } from '../../src/config/files/directory-fixture.ts';
import { damages } from './damage.ts';

const filesPerDamage = 4;
const goodFiles = 20;
let fixture: DirectoryFixture;

beforeEach(() => {
  fixture = new DirectoryFixture();
});
afterEach(() => fixture.close());

function writeGood(host: string): Record<string, string> {
  const hosts: Record<string, string> = {};
  for (let i = 0; i < goodFiles; i++) {
    fixture.write(`config/good-${i}.yaml`, serviceEntry(`good-${i}`, host));
    hosts[`default/good-${i}`] = host;
  }
  return hosts;
}

/** Measures the longest turn of the event loop in milliseconds of its own CPU time: other processes do not count. */
function watchTurns(): { stop(): number } {
  const cpuMs = () => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
  let before = cpuMs();
  let longest = 0;
  const timer = setInterval(() => {
    const now = cpuMs();
    longest = Math.max(longest, now - before);
    before = now;
  }, 1);
  return {
    stop: () => {
      clearInterval(timer);
      return longest;
    },
  };
}

/** Issues of one file as `[code, line:column]`. */
function issuesOf(file: string): readonly (readonly [string, string])[] {
  const path = fixture.path(file);
  return fixture
    .issues()
    .filter(({ position }) => position?.file === path)
    .map(({ code, position }) => [code, `${position?.line}:${position?.column}`]);
}

it(`tells what is wrong with ${damages.length * filesPerDamage} damaged files, and where, while everything else stays in force`, async () => {
  const hosts = writeGood('good.test');
  await fixture.start();
  for (const { name, make, extension = 'yaml' } of damages) {
    for (let i = 0; i < filesPerDamage; i++) fixture.write(`staged/${name}-${i}.${extension}`, make(i));
  }
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const turns = watchTurns();
  renameSync(fixture.path('staged'), fixture.path('config/damaged'));
  for (const { name, code, place = /^\d+:\d+$/, extension = 'yaml' } of damages) {
    for (let i = 0; i < filesPerDamage; i++) {
      const file = `config/damaged/${name}-${i}.${extension}`;
      await vi.waitFor(() => expect(issuesOf(file), file).not.toEqual([]), { timeout: 30_000, interval: 20 });
      const found = issuesOf(file).some(([found, at]) => found.startsWith(code) && place.test(at));
      expect(found, `${file}: ${code} at ${place}, but ${JSON.stringify(issuesOf(file))}`).toBe(true);
    }
  }
  delay.disable();
  expect(delay.percentile(99) / 1e6).toBeLessThan(200);
  expect(turns.stop()).toBeLessThan(200);
  for (const [key, host] of Object.entries(hosts)) expect(fixture.hosts()[key]).toBe(host);
  const later = writeGood('later.test');
  await vi.waitFor(() => expect(fixture.hosts()).toMatchObject(later), { timeout: 10_000, interval: 5 });
}, 60_000);

it('keeps the last good version of every object whose file is damaged, in whatever way, and heals with the file', async () => {
  const fatal = damages.filter(({ name }) => name !== 'empty');
  const hosts: Record<string, string> = {};
  for (const { name } of fatal) {
    fixture.write(`config/${name}.yaml`, serviceEntry(name, 'good.test'));
    hosts[`default/${name}`] = 'good.test';
  }
  await fixture.start();
  mkdirSync(fixture.path('staged'));
  for (const { name, make } of fatal) {
    fixture.write(`staged/${name}.yaml`, Buffer.concat([Buffer.from(make(0)), Buffer.from(`\n---\n"broken`)]));
    renameSync(fixture.path(`staged/${name}.yaml`), fixture.path(`config/${name}.yaml`));
  }
  for (const { name } of fatal) {
    await vi.waitFor(() => expect(issuesOf(`config/${name}.yaml`), name).not.toEqual([]), { timeout: 30_000, interval: 20 });
  }
  expect(fixture.hosts()).toMatchObject(hosts);
  for (const { name } of fatal) fixture.replace(`config/${name}.yaml`, serviceEntry(name, 'mended.test'));
  const mended = Object.fromEntries(Object.keys(hosts).map((key) => [key, 'mended.test']));
  await vi.waitFor(() => expect(fixture.hosts()).toEqual(mended), { timeout: 10_000, interval: 5 });
  expect(fixture.issueTexts()).toEqual([]);
}, 60_000);
