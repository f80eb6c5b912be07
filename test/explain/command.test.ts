// The program itself: what it prints, on which stream, and what it ends with; on directories, and asking a server.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseShellWords } from '../../src/explain/curl/shell-words.ts';
import { pinnedNode, program, ServeProcess } from '../harness/serve-process.ts';

const cases = join(import.meta.dirname, 'cases');
const textOf = (name: string, file: string) => readFileSync(join(cases, name, file), 'utf8');
const wordsOf = (name: string) => parseShellWords(textOf(name, 'command')).slice(1);

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(words: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(pinnedNode, [program, ...words], (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }));
  });
}

describe('coxswain explain', () => {
  it.each([
    ['jason', 0],
    ['strict', 2],
    ['missing-subset', 3],
  ])('%s ends with %i', async (name, code) => {
    expect(await run(wordsOf(name))).toEqual({ code, stdout: textOf(name, 'out.txt'), stderr: '' });
  });

  it.each([
    [['--config', 'nowhere', '--from', 'a/b', '--', 'curl', 'x'], 'there is no nowhere\n'],
    [
      ['--config', 'deploy/demo', '--from', 'demo/frontent', '--', 'x'],
      'there is no workload or Service demo/frontent: did you mean demo/frontend?\n',
    ],
    [
      ['--config', 'deploy/demo', '--from', 'demo/frontend', '--', 'curl', '--heder', 'x'],
      '--heder is no flag of curl that explain knows: did you mean --header?\n',
    ],
    [
      ['--server', '127.0.0.1:1', '--from', 'a/b', '--', 'x'],
      expect.stringMatching(/^no control plane at 127\.0\.0\.1:1: .* \(--server says where it is\)\n$/),
    ],
  ])('%j is a wrong question', async (words, stderr) => {
    expect(await run(['explain', ...words])).toEqual({ code: 1, stdout: '', stderr });
  });

  it('-o json is the explanation itself', async () => {
    const { stdout, code } = await run([...wordsOf('jason').slice(0, -5), '-o', 'json', ...wordsOf('jason').slice(-5)]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: 'delivered',
      decidedBy: { position: { line: 25 }, path: ['spec', 'http', 0, 'match', 0] },
    });
  });
});

describe('coxswain explain --server', () => {
  let server: ServeProcess;
  beforeAll(async () => {
    server = await ServeProcess.start('test/explain/worlds/bookinfo', '--config', 'test/explain/cases/missing-subset');
  });
  afterAll(() => server.kill());

  it('says the same as on the directories', async () => {
    const [, , ...request] = wordsOf('missing-subset').slice(3);
    expect(await run(['explain', '--server', server.http, ...request])).toEqual({
      code: 3,
      stdout: textOf('missing-subset', 'out.txt'),
      stderr: '',
    });
  });

  it('tells what is wrong with the question', async () => {
    const { code, stderr } = await run(['explain', '--server', server.http, '--from', 'default/reveiws', '--', 'http://a']);
    expect([code, stderr]).toEqual([1, 'there is no workload or Service default/reveiws: did you mean default/reviews?\n']);
  });
});
