import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findEnvoy } from '../../src/agent/find-envoy.ts';
import { silentLogger } from '../../src/lib/log.ts';
import { chiSquareLimit } from '../harness/chi-square.ts';
import { DemoProcess, isAlive, type TrafficLine, takenAddresses } from './demo-process.ts';

const envoy = await findEnvoy({ env: process.env, log: silentLogger }).catch((error: unknown) => {
  if (process.env['CI']) throw error;
  return undefined;
});
const canRun = envoy !== undefined && process.platform === 'linux';

let directory = '';
let demos: DemoProcess[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'coxswain-demo-test-'));
  await cp(fileURLToPath(new URL('../../deploy/demo', import.meta.url)), directory, { recursive: true });
});

afterEach(async () => {
  for (const demo of demos) demo.killGroup();
  await Promise.all(demos.map(({ exited }) => exited));
  await Promise.all(demos.map(({ scratch }) => rm(scratch, { recursive: true, force: true })));
  demos = [];
  await rm(directory, { recursive: true, force: true });
});

function start(...args: string[]): DemoProcess {
  const demo = new DemoProcess(['--config', directory, ...(envoy ? ['--envoy', envoy.path] : []), ...args]);
  demos.push(demo);
  return demo;
}

const trafficFile = () => join(directory, 'traffic.yaml');

async function edit(change: (text: string) => string): Promise<string> {
  const before = await readFile(trafficFile(), 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  await writeFile(trafficFile(), after);
  return after;
}

/** Waits for so many answers after the line, and returns the lines that hold them. */
async function answersAfter(demo: DemoProcess, from: number, count: number): Promise<readonly TrafficLine[]> {
  const enough = () => demo.traffic(from).reduce((sum, { v1, v2 }) => sum + v1 + v2, 0) >= count;
  await vi.waitUntil(enough, { timeout: 60_000, interval: 50 });
  return demo.traffic(from);
}

/** How badly the answers fit a share of v2. */
function chiSquare(lines: readonly TrafficLine[], shareOfV2: number): number {
  const v1 = lines.reduce((sum, line) => sum + line.v1, 0);
  const v2 = lines.reduce((sum, line) => sum + line.v2, 0);
  const expected = (v1 + v2) * shareOfV2;
  return (v2 - expected) ** 2 / expected + (v2 - expected) ** 2 / (v1 + v2 - expected);
}

async function expectNothingLeft(family: readonly number[]): Promise<void> {
  await vi.waitUntil(() => !family.some(isAlive), { timeout: 15_000, interval: 50 });
  expect(takenAddresses()).toEqual([]);
}

describe.skipIf(!canRun)('npm start, with real Envoys', () => {
  it('proves that requests took every edge', async () => {
    const demo = start('--for', '10s', '--expect-traffic');
    expect([await demo.exited, demo.stderr]).toEqual([0, []]);
    const verdicts = demo.stdout.filter((line) => /^(?:ok|NOTHING) /.test(line));
    expect(verdicts).toHaveLength(13);
    const total = demo.traffic().reduce((sum, { v1, v2 }) => sum + v1 + v2, 0);
    expect(total).toBeGreaterThan(300); // of 400: the last second is not shown
    expect(demo.traffic().filter(({ okPercent }) => okPercent < 100)).toEqual([]);
    expect(demo.leftFolders()).toEqual([]);
  });

  it('says which edge had none', async () => {
    await edit((text) => text.replace('weight: 80', 'weight: 100').replace('weight: 20', 'weight: 0'));
    const demo = start('--for', '2s', '--expect-traffic');
    expect(await demo.exited).toBe(1);
    const without = demo.stdout.flatMap((line) => /^NOTHING (\S+ -> .+?) {2}/.exec(line)?.[1] ?? []);
    expect(without).toEqual(['frontend -> register v2', 'frontend -> register-v2-a', 'register-v2-a -> register-v2-a process']);
  });

  it('follows an edit, keeps the traffic through a broken file, and leaves nothing behind on Ctrl-C', async () => {
    const demo = start('--rate', '100');
    const begun = await demo.line('stdout', /^\d+s .*5 of 5 in sync/);
    expect(chiSquare(await answersAfter(demo, begun, 300), 0.2)).toBeLessThan(chiSquareLimit[1]);

    const good = await edit((text) => text.replace('weight: 80', 'weight: 10').replace('weight: 20', 'weight: 90'));
    const changed = await demo.line('stdout', /^changed VirtualService\/demo\/register .*all proxies in sync after/);
    expect(Number(/after ([\d.]+) ms/.exec(demo.stdout[changed - 1] ?? '')?.[1])).toBeGreaterThan(0);
    // the line of the second in which it changed holds answers of before
    expect(chiSquare(await answersAfter(demo, changed + 1, 300), 0.9)).toBeLessThan(chiSquareLimit[1]);

    const broken = await edit((text) => text.replace('weight: 10', 'weight: lots'));
    const line = broken.split('\n').findIndex((text) => text.includes('weight: lots #')) + 1;
    const column = (broken.split('\n')[line - 1] ?? '').indexOf('weight: lots') + 1;
    await demo.line(
      'stderr',
      new RegExp(`${trafficFile().replaceAll('.', String.raw`\.`)}:${line}:${column}: error .*VirtualService/demo/register`),
    );
    const meanwhile = await answersAfter(demo, demo.stdout.length + 1, 300);
    expect(meanwhile.filter(({ okPercent }) => okPercent < 100)).toEqual([]);
    expect(chiSquare(meanwhile, 0.9)).toBeLessThan(chiSquareLimit[1]);
    await writeFile(trafficFile(), good);
    await demo.line('stdout', /^the configuration is in order again/);

    const faults = demo.stdout.length;
    await edit((text) => text.replaceAll(/# (fault:| {2}abort:)/g, '$1'));
    const failing = await demo.line('stdout', /^changed VirtualService\/demo\/register/, faults);
    const shares = (await answersAfter(demo, failing + 1, 600)).map(({ okPercent }) => okPercent);
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    expect(Math.abs(mean - 70)).toBeLessThan(10); // six standard deviations of 850 requests

    const family = demo.family();
    expect(family.length).toBeGreaterThanOrEqual(7); // launcher, demo, five Envoys
    demo.interrupt();
    expect(await demo.exited).toBe(0);
    await expectNothingLeft(family);
    expect(demo.leftFolders()).toEqual([]);
  });

  it('refuses to share addresses with another demo, and ends when its parent is gone', async () => {
    const first = start();
    await first.line('stdout', /^\d+s .*5 of 5 in sync/);
    const second = start();
    expect(await second.exited).toBe(1);
    expect(second.stderr).toEqual([expect.stringMatching(/^127\.0\.1\.20:8080 is in use: another demo may be running/)]);

    const family = first.family();
    first.killParent();
    await expectNothingLeft(family);
  });
});
