import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildGoProgram, buildWithinMs, goPrograms } from './go-program.ts';

/** What suites need of the machine besides Node, under the names that their skips show. */
const requirements = {
  Linux: () => process.platform === 'linux',
  root: () => process.getuid?.() === 0,
  'Go 1.26 or newer': hasGo,
  openssl: () => runs('openssl', 'version'),
  iproute2: () => runs('ip', '-V'),
  'util-linux': () => runs('setpriv', '--version') && runs('unshare', '--version') && runs('nsenter', '--version'),
} as const;

type Requirement = keyof typeof requirements;

/** Something of the machine, or a program that Go builds. */
export type Need = Requirement | keyof typeof goPrograms;

/** Those of the needs that this machine does not meet. */
export function unmet(needs: readonly Need[]): readonly Requirement[] {
  const all = needs.flatMap((need): readonly Requirement[] => (isProgram(need) ? ['Go 1.26 or newer'] : [need]));
  return [...new Set(all)].filter((requirement) => !requirements[requirement]());
}

/**
 * A suite that needs more than Node. Where the machine lacks something it is skipped, and its name says for what; where the
 * variable `CI` is set it fails instead. `suite` is not even called then, so it may start servers where it stands. What Go
 * has to build is built before the suite's own hooks, however long that takes.
 */
export function describeNeeding(needs: readonly Need[], name: string, suite: () => void): void {
  const lacking = unmet(needs);
  if (lacking.length === 0) {
    describe(name, () => {
      for (const need of needs) if (isProgram(need)) beforeAll(async () => void (await buildGoProgram(goPrograms[need])), buildWithinMs);
      suite();
    });
  } else if (process.env['CI']) describe(name, () => test('has what it needs', () => expect(lacking).toEqual([])));
  else describe(name, () => test.skip(`needs ${lacking.join(', ')}`, () => undefined));
}

function isProgram(need: Need): need is keyof typeof goPrograms {
  return need in goPrograms;
}

/** Older ones refuse the go.mod of test/istio. */
const oldestGo = [1, 26] as const;

function hasGo(): boolean {
  const [, major = 0, minor = 0] = (/^go(\d+)\.(\d+)/.exec(outputOf('go', 'env', 'GOVERSION') ?? '') ?? []).map(Number);
  return major > oldestGo[0] || (major === oldestGo[0] && minor >= oldestGo[1]);
}

function runs(program: string, ...args: readonly string[]): boolean {
  return outputOf(program, ...args) !== undefined;
}

function outputOf(program: string, ...args: readonly string[]): string | undefined {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 30_000 });
  } catch {
    return undefined;
  }
}
