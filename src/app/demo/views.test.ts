import { describe, expect, it } from 'vitest';
import type { DemoSnapshot } from './demo-snapshot.ts';
import { formatPercent } from './demo-snapshot.ts';
import { headlessLine } from './headless-line.ts';
import { liveFrame } from './live-frame.ts';
import { LiveScreen } from './live-screen.ts';
import { painted } from './styled-line.ts';

const snapshot: DemoSnapshot = {
  trafficMs: 75_200,
  traffic: {
    count: 40,
    requestsPerSecond: 40,
    successShare: 0.975,
    versions: [
      { version: 'v1', count: 32, share: 0.8 },
      { version: 'v2', count: 8, share: 0.2 },
    ],
    p50Ms: 9.14,
    p99Ms: 23.6,
  },
  services: [{ service: 'register', instances: 3, requestsPerSecond: 39.5, successShare: 1 }],
  proxies: [
    { name: 'gateway', address: '127.0.1.1:8080', state: 'in sync', detail: 'CDS LDS' },
    { name: 'frontend', address: '127.0.1.20:9080', state: 'refused', detail: 'LDS: address in use' },
  ],
  change: { at: 0, objects: ['VirtualService/demo/register'], file: 'deploy/demo/traffic.yaml', ackedMs: 31, acks: 5 },
  issues: ['deploy/demo/traffic.yaml:38:19: error CXS0102 VirtualService/demo/register: must be a number'],
  logged: undefined,
  ingress: '127.0.1.1:8080',
  xds: '127.0.0.1:40001',
  http: '127.0.0.1:40002',
  editPath: 'deploy/demo/traffic.yaml',
};
const inSync = { ...snapshot, proxies: snapshot.proxies.map((proxy) => ({ ...proxy, state: 'in sync' as const })) };

const text = (shown: DemoSnapshot, columns = 120, rows = 40) => liveFrame(shown, { columns, rows }).map((line) => painted(line, false));

describe('headlessLine', () => {
  it('says everything in one line', () => {
    const line = '75s  40.0 req/s  97.5% ok  v1 80.0% (32)  v2 20.0% (8)  p50 9.1 ms  p99 24 ms  1 of 2 in sync';
    expect(headlessLine(snapshot)).toBe(line);
    expect(headlessLine({ ...snapshot, trafficMs: undefined })).toBe('starting  1 of 2 in sync');
  });
});

describe('liveFrame', () => {
  it('shows services, shares, proxies, the last change and issues', () => {
    const shown = text(inSync).join('\n');
    expect(shown).toContain('traffic for 1:15');
    expect(shown).toMatch(/^register +3 +39\.5 +100%$/m);
    expect(shown).toMatch(/^register v1 █{40}░{10} {3}80\.0%$/m);
    expect(shown).toMatch(/^gateway +127\.0\.1\.1:8080 +in sync +CDS LDS$/m);
    expect(shown).toContain('p50 9.1 ms   p99 24 ms');
    expect(shown).toContain('VirtualService/demo/register (deploy/demo/traffic.yaml): all proxies in sync after 31 ms');
    expect(shown).toContain('deploy/demo/traffic.yaml:38:19: error');
  });

  it('tells a change that is under way from one that changes nothing', () => {
    expect(text(snapshot).join('\n')).toContain('on its way to the proxies');
    const unseen = {
      ...inSync,
      change: { at: 0, objects: ['Service/demo/x', 'Service/demo/y'], file: undefined, ackedMs: undefined, acks: 0 },
    };
    expect(text(unseen).join('\n')).toContain('Service/demo/x and 1 more: nothing new for the proxies');
  });

  it.each([
    [20, 40],
    [80, 6],
    [1, 1],
  ])('fits %i columns and %i rows', (columns, rows) => {
    const lines = text(snapshot, columns, rows);
    expect(lines.length).toBeLessThanOrEqual(Math.max(1, rows - 1));
    expect(lines.filter((line) => Array.from(line).length > columns)).toEqual([]);
  });

  it('gives up empty lines before it gives up a line that says something', () => {
    const full = text(snapshot, 80, 100).filter((line) => line !== '');
    const lines = text(snapshot, 80, full.length + 1);
    expect(lines).toEqual(full);
    expect(lines).toContain('The last good version stays in force.');
  });

  it('breaks issues between words instead of cutting them off', () => {
    const lines = text(snapshot, 40);
    expect(lines.join(' ').replaceAll(/ +/g, ' ')).toContain('error CXS0102 VirtualService/demo/register: must be a number');
  });

  it('lets no control character of a configuration reach the terminal', () => {
    expect(text({ ...snapshot, issues: ['a\u001b[2Jb\nc'] })).toContain('a [2Jb c');
  });
});

describe('LiveScreen', () => {
  it('writes a frame only when it differs, and gives the terminal back once', () => {
    const written: string[] = [];
    const screen = new LiveScreen({ columns: 80, rows: 24, write: (chunk) => written.push(chunk) }, false);
    screen.show(snapshot);
    screen.show(snapshot);
    screen.close();
    screen.close();
    expect(written).toHaveLength(3);
    expect(written[0]).toBe('\u001b[?1049h\u001b[?25l');
    expect(written[1]).toContain('Coxswain demo');
    expect(written[2]).toBe('\u001b[?25h\u001b[?1049l');
  });
});

describe('formatPercent', () => {
  it.each([
    [1, '100%'],
    [0.99999, '99.9%'],
    [0.805, '80.5%'],
    [0, '0%'],
  ])('%d is %s', (share, shown) => {
    expect(formatPercent(share)).toBe(shown);
  });
});
