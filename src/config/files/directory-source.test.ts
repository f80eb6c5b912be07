import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, openSync, renameSync, rmSync, symlinkSync, truncateSync, unlinkSync, writeSync } from 'node:fs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DirectoryFixture, serviceEntry } from './directory-fixture.ts';

let fixture: DirectoryFixture;
const until = (check: () => void) => vi.waitFor(check, { timeout: 8000, interval: 5 });

beforeEach(() => {
  fixture = new DirectoryFixture();
});
afterEach(() => fixture.close());

it('reads a tree once, without hidden files and other types', async () => {
  fixture.write('config/a.yaml', serviceEntry('a', 'a.test'));
  fixture.write('config/deep/er/b.yml', `# two\n---\n${serviceEntry('b', 'b.test')}---\n${serviceEntry('c', 'c.test')}`);
  fixture.write(
    'config/d.json',
    JSON.stringify(
      {
        apiVersion: 'networking.istio.io/v1',
        kind: 'ServiceEntry',
        metadata: { name: 'd' },
        spec: { hosts: ['d.test'], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], resolution: 'NONE' },
      },
      null,
      2,
    ),
  );
  fixture.write('config/.hidden.yaml', serviceEntry('e', 'e.test'));
  fixture.write('config/..2024/f.yaml', serviceEntry('f', 'f.test'));
  fixture.write('config/readme.md', 'no: yaml');
  await fixture.start();
  expect(fixture.hosts()).toEqual({ 'default/a': 'a.test', 'default/b': 'b.test', 'default/c': 'c.test', 'default/d': 'd.test' });
  expect(fixture.issueTexts()).toEqual([]);
  expect(fixture.source.hasSynced()).toBe(true);
});

it('follows renames into place, new files and files written in place', async () => {
  fixture.write('config/a.yaml', serviceEntry('a', 'one.test'));
  await fixture.start();
  fixture.replace('config/a.yaml', serviceEntry('a', 'two.test'));
  await until(() => expect(fixture.hosts()['default/a']).toBe('two.test'));
  fixture.replace('config/a.yaml', serviceEntry('a', 'three.test'));
  await until(() => expect(fixture.hosts()['default/a']).toBe('three.test'));
  fixture.write('config/a.yaml', serviceEntry('a', 'four.test'));
  await until(() => expect(fixture.hosts()['default/a']).toBe('four.test'));
  fixture.write('config/new/b.yaml', serviceEntry('b', 'b.test'));
  await until(() => expect(fixture.hosts()['default/b']).toBe('b.test'));
  fixture.replace('config/new/b.yaml', serviceEntry('b', 'bb.test'));
  await until(() => expect(fixture.hosts()['default/b']).toBe('bb.test'));
});

it('changes nothing when a file is written again with comments and other lines', async () => {
  fixture.write('config/a.yaml', serviceEntry('a', 'a.test'));
  fixture.write('config/b.yaml', serviceEntry('b', 'b.test'));
  await fixture.start();
  const table = fixture.controller.table('ServiceEntry');
  const before = table.changedAt();
  fixture.replace('config/a.yaml', `# a comment\n\n${serviceEntry('a', 'a.test')}# end\n`);
  fixture.replace('config/b.yaml', serviceEntry('b', 'changed.test'));
  await until(() => expect(fixture.hosts()['default/b']).toBe('changed.test'));
  expect([...(table.changedSince(before) ?? [])]).toEqual(['default/b']);
  const place = { file: fixture.path('config/a.yaml'), line: 9, column: 5 };
  expect(fixture.controller.positionOf({ kind: 'ServiceEntry', namespace: 'default', name: 'a' }, ['spec', 'hosts', 0])).toEqual(place);
  expect(fixture.controller.lineAt(place)).toBe('  - a.test');
  expect(fixture.controller.lineAt({ ...place, line: 99 })).toBeUndefined();
  expect(fixture.controller.lineAt({ ...place, file: 'other.yaml' })).toBeUndefined();
});

it('takes a swap of ..data as kubelet does it as one update', async () => {
  fixture.write('config/..v1/a.yaml', serviceEntry('a', 'one.test'));
  fixture.write('config/..v1/b.yaml', serviceEntry('b', 'one.test'));
  symlinkSync('..v1', fixture.path('config/..data'));
  symlinkSync('..data/a.yaml', fixture.path('config/a.yaml'));
  symlinkSync('..data/b.yaml', fixture.path('config/b.yaml'));
  await fixture.start();
  expect(fixture.hosts()).toEqual({ 'default/a': 'one.test', 'default/b': 'one.test' });
  const seen = new Set<string>();
  const stop = fixture.engine.observe(fixture.controller.table('ServiceEntry'), () => seen.add(JSON.stringify(fixture.hosts())));
  fixture.write('config/..v2/a.yaml', serviceEntry('a', 'two.test'));
  fixture.write('config/..v2/b.yaml', serviceEntry('b', 'two.test'));
  symlinkSync('..v2', fixture.path('config/..data_tmp'));
  renameSync(fixture.path('config/..data_tmp'), fixture.path('config/..data'));
  rmSync(fixture.path('config/..v1'), { recursive: true });
  await until(() => expect(fixture.hosts()).toEqual({ 'default/a': 'two.test', 'default/b': 'two.test' }));
  stop();
  expect([...seen]).toEqual([JSON.stringify({ 'default/a': 'two.test', 'default/b': 'two.test' })]);
});

it('keeps what a half-written file held until the rest is there', async () => {
  const text = `${serviceEntry('a', 'one.test')}---\n${serviceEntry('b', 'one.test')}`;
  fixture.write('config/a.yaml', text);
  await fixture.start();
  const next = text.replaceAll('one.test', 'two.test');
  const half = next.lastIndexOf('kind: ') + 6;
  const file = openSync(fixture.path('config/a.yaml'), 'w');
  writeSync(file, `${next.slice(0, half)}"Serv`);
  await until(() => expect(fixture.issueTexts()[0]).toMatch(/^config\/a\.yaml:15:\d+: error CXS0101 Missing closing "quote/));
  expect(fixture.hosts()).toEqual({ 'default/a': 'two.test', 'default/b': 'one.test' });
  truncateSync(fixture.path('config/a.yaml'), half);
  appendFileSync(fixture.path('config/a.yaml'), next.slice(half));
  await until(() => expect(fixture.hosts()).toEqual({ 'default/a': 'two.test', 'default/b': 'two.test' }));
  expect(fixture.issueTexts()).toEqual([]);
});

it('takes its time to believe that a file was emptied', async () => {
  fixture.write('config/a.yaml', serviceEntry('a', 'one.test'));
  fixture.write('config/b.yaml', serviceEntry('b', 'one.test'));
  await fixture.start();
  fixture.write('config/a.yaml', '');
  fixture.replace('config/b.yaml', '');
  fixture.replace('config/c.yaml', serviceEntry('c', 'one.test'));
  await until(() => expect(fixture.hosts()['default/c']).toBe('one.test'));
  expect(Object.keys(fixture.hosts())).toEqual(['default/a', 'default/b', 'default/c']);
  fixture.write('config/a.yaml', serviceEntry('a', 'two.test'));
  await until(() => expect(fixture.hosts()).toEqual({ 'default/a': 'two.test', 'default/c': 'one.test' }));
  expect(fixture.issueTexts()).toEqual(['config/b.yaml:1:1: info CXS0109 the file holds no document']);
});

it('keeps the last good version of an object with errors, and drops what another document lost', async () => {
  fixture.write('config/a.yaml', `${serviceEntry('a', 'one.test')}---\n${serviceEntry('b', 'one.test')}`);
  await fixture.start();
  fixture.replace('config/a.yaml', serviceEntry('a', 'two.test').replace('number: 80', 'number: eighty'));
  await until(() => expect(fixture.hosts()).toEqual({ 'default/a': 'one.test' }));
  expect(fixture.issueTexts().join()).toMatch(/^config\/a\.yaml:10:5: error IST0106 ServiceEntry\/default\/a spec\.ports\[0\]\.number/);
  fixture.replace('config/a.yaml', serviceEntry('a', 'two.test'));
  await until(() => expect(fixture.hosts()).toEqual({ 'default/a': 'two.test' }));
  expect(fixture.issueTexts()).toEqual([]);
});

it('removes what is deleted, and moves an object to another file without a gap', async () => {
  fixture.write('config/a.yaml', serviceEntry('a', 'a.test'));
  fixture.write('config/sub/b.yaml', serviceEntry('b', 'b.test'));
  await fixture.start();
  const gaps: string[] = [];
  const stop = fixture.engine.observe(fixture.controller.table('ServiceEntry'), () => {
    if (!('default/a' in fixture.hosts())) gaps.push(JSON.stringify(fixture.hosts()));
  });
  renameSync(fixture.path('config/a.yaml'), fixture.path('config/z.yaml'));
  rmSync(fixture.path('config/sub'), { recursive: true });
  await until(() => expect(fixture.hosts()).toEqual({ 'default/a': 'a.test' }));
  await until(() =>
    expect(fixture.controller.positionOf({ kind: 'ServiceEntry', namespace: 'default', name: 'a' }, [])?.file).toBe(
      fixture.path('config/z.yaml'),
    ),
  );
  stop();
  expect(gaps).toEqual([]);
});

it('lets the first of two files that define an object win, and says so', async () => {
  fixture.write('config/b.yaml', serviceEntry('a', 'second.test'));
  fixture.write('config/a.yaml', `\n${serviceEntry('a', 'first.test')}`);
  await fixture.start();
  expect(fixture.hosts()).toEqual({ 'default/a': 'first.test' });
  expect(fixture.issueTexts()).toEqual([
    'config/b.yaml:1:1: warning CXS0105 ServiceEntry/default/a the object is not used: ' + `config/a.yaml:2 defines it too and comes first`,
  ]);
  unlinkSync(fixture.path('config/a.yaml'));
  await until(() => expect(fixture.hosts()).toEqual({ 'default/a': 'second.test' }));
  expect(fixture.issueTexts()).toEqual([]);
});

it('keeps the mesh while its directory is gone, and takes what comes back', async () => {
  fixture.write('config/a.yaml', serviceEntry('a', 'a.test'));
  fixture.write('config/b.yaml', serviceEntry('b', 'b.test'));
  await fixture.start();
  rmSync(fixture.path('config'), { recursive: true });
  await until(() => expect(fixture.issueTexts().join()).toMatch(/^config:1:1: error CXS0106/));
  expect(fixture.hosts()).toEqual({ 'default/a': 'a.test', 'default/b': 'b.test' });
  mkdirSync(fixture.path('config'));
  fixture.write('config/b.yaml', serviceEntry('b', 'back.test'));
  await until(() => expect(fixture.hosts()).toEqual({ 'default/b': 'back.test' }));
  expect(fixture.issueTexts()).toEqual([]);
  fixture.replace('config/b.yaml', serviceEntry('b', 'again.test'));
  await until(() => expect(fixture.hosts()).toEqual({ 'default/b': 'again.test' }));
}, 20_000);

it('survives pipes, loops of links and links to nowhere', async () => {
  fixture.write('config/a.yaml', serviceEntry('a', 'a.test'));
  execFileSync('mkfifo', [fixture.path('config/pipe.yaml')]);
  symlinkSync('/dev/zero', fixture.path('config/zero.yaml'));
  symlinkSync('loop.yaml', fixture.path('config/loop.yaml'));
  symlinkSync('nowhere', fixture.path('config/none.yaml'));
  symlinkSync('.', fixture.path('config/again'));
  await fixture.start();
  expect(fixture.hosts()).toEqual({ 'default/a': 'a.test' });
  const texts = fixture.issueTexts();
  expect(texts.map((text) => text.slice(0, text.indexOf(': error CXS0102')))).toEqual([
    'config/loop.yaml:1:1',
    'config/pipe.yaml:1:1',
    'config/zero.yaml:1:1',
  ]);
});

it('orders several directories as they are listed', async () => {
  fixture.close();
  fixture = new DirectoryFixture('z-first', 'a-second');
  fixture.write('a-second/a.yaml', serviceEntry('a', 'second.test'));
  fixture.write('z-first/z.yaml', serviceEntry('a', 'first.test'));
  await fixture.start();
  expect(fixture.hosts()).toEqual({ 'default/a': 'first.test' });
});

it('takes the mesh settings out of the ConfigMap istio and keeps the last good ones', async () => {
  const configMap = (mesh: string) =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: istio-system}\ndata:\n  mesh: |-\n    ${mesh}\n`;
  await fixture.start();
  expect(fixture.controller.meshConfig.get()).toEqual({ trustDomain: 'default' });
  fixture.replace('config/mesh.yaml', configMap('trustDomain: one'));
  await until(() => expect(fixture.controller.meshConfig.get()).toEqual({ trustDomain: 'one' }));
  fixture.replace('config/mesh.yaml', configMap('trustDomain: "one'));
  await until(() =>
    expect(fixture.issueTexts().join()).toMatch(
      /^config\/mesh\.yaml:5:3: error CXS0108 ConfigMap\/istio-system\/istio data\.mesh: Missing closing "quote \(line 1 of the text\)/,
    ),
  );
  expect(fixture.controller.meshConfig.get()).toEqual({ trustDomain: 'one' });
  unlinkSync(fixture.path('config/mesh.yaml'));
  await until(() => expect(fixture.controller.meshConfig.get()).toEqual({ trustDomain: 'default' }));
});

it('is not synced before the directory is there', async () => {
  rmSync(fixture.path('config'), { recursive: true });
  const started = fixture.start();
  await until(() => expect(fixture.issueTexts().join()).toMatch(/^config:1:1: error CXS0106/));
  expect(fixture.source.hasSynced()).toBe(false);
  fixture.write('config/a.yaml', serviceEntry('a', 'a.test'));
  await started;
  expect(fixture.source.hasSynced()).toBe(true);
  expect(fixture.hosts()).toEqual({ 'default/a': 'a.test' });
});

it('reads the List that kubectl prints, and finds places in it', async () => {
  const items = ['a', 'b'].map((name) => `- ${serviceEntry(name, `${name}.test`).trimEnd().replaceAll('\n', '\n  ')}\n`);
  fixture.write('config/list.yaml', `apiVersion: v1\nkind: List\nitems:\n${items.join('').replace('b.test', 'b.test\n    colour: red')}`);
  fixture.write('config/good.yaml', `apiVersion: v1\nkind: List\nitems:\n${items.join('')}`.replaceAll('name: ', 'name: good-'));
  await fixture.start();
  expect(Object.keys(fixture.hosts())).toEqual(['default/a', 'default/b', 'default/good-a', 'default/good-b']);
  expect(
    fixture.controller.positionOf({ kind: 'ServiceEntry', namespace: 'default', name: 'good-b' }, ['spec', 'ports', 0, 'number']),
  ).toEqual({
    file: fixture.path('config/good.yaml'),
    line: 25,
    column: 7,
  });
  expect(fixture.issueTexts().join()).toMatch(/^config\/list\.yaml:23:5: warning CXS0001 ServiceEntry\/default\/b spec\.colour: [^,]*$/);
});

it('reads a long document that is not plain in a thread, and meanwhile the others', async () => {
  await fixture.start();
  const folded = `  annotations:\n    note: >\n${'      text\n'.repeat(3000)}`;
  fixture.replace('config/slow.yaml', serviceEntry('slow', 'slow.test').replace('spec:', `${folded}spec:`));
  fixture.replace('config/quick.yaml', serviceEntry('quick', 'quick.test'));
  await until(() => expect(fixture.hosts()).toEqual({ 'default/quick': 'quick.test', 'default/slow': 'slow.test' }));
  expect(fixture.issueTexts()).toEqual([]);
});
