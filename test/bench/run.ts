/** `npm run bench`: how fast proxies are configured and changes reach them. `--help` lists the options; docs/performance.md explains the figures. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BenchOptions, readBenchOptions } from './bench-options.ts';
import { loadMedians, startMedians } from './bench-results.ts';
import { describeMachine } from './describe-machine.ts';
import { measureLoads } from './measure-loads.ts';
import { ownServer, type ServerCommand } from './measured-server.ts';
import { resultsTable, startsTable } from './results-table.ts';
import { runScenarios, scenariosTable } from './scenarios/run-scenarios.ts';
import { reachedTargets, targetsTable } from './targets.ts';

/** What is printed, what is written as JSON, and whether everything that was asked for was measured. */
interface Outcome {
  readonly text: string;
  readonly json: object;
  readonly isComplete: boolean;
}

async function benchLoads(options: BenchOptions, directory: string): Promise<Outcome> {
  const ours = ownServer(options.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${options.profile}`]);
  const other: ServerCommand[] = options.other === undefined ? [] : [{ label: 'other', words: options.other.split(/\s+/) }];
  const { loads, starts } = await measureLoads(options, [ours, ...other], directory);
  const comparison = { ours: ours.label, ...(other[0] === undefined ? {} : { other: other[0].label }) };
  const loadRows = loadMedians(loads);
  const startRows = startMedians(starts);
  const own = <T extends { readonly server: string }>(rows: readonly T[]) => rows.filter(({ server }) => server === ours.label);
  const targets = reachedTargets(own(loadRows), own(startRows));
  const against = options.other === undefined ? "istiod's known figures" : `\`${options.other}\``;
  return {
    text: [
      resultsTable(loadRows, comparison),
      startsTable(startRows, comparison),
      `In brackets: how many times less than ${against}.`,
      ...(targets.length === 0 ? [] : [targetsTable(targets)]),
    ].join('\n\n'),
    json: { other: options.other, loads, starts, targets },
    isComplete: loads.every(({ measured }) => measured.failures.length === 0),
  };
}

async function benchScenarios(options: BenchOptions, names: readonly string[], directory: string): Promise<Outcome> {
  const results = await runScenarios(options, names, directory);
  return { text: scenariosTable(results), json: { scenarios: results }, isComplete: true };
}

async function main(): Promise<void> {
  const options = readBenchOptions(process.argv.slice(2));
  if (options === undefined) return;
  const directory = await mkdtemp(join(tmpdir(), 'coxswain-bench-'));
  try {
    const { scenarios } = options;
    const { text, json, isComplete } = await (scenarios ? benchScenarios(options, scenarios, directory) : benchLoads(options, directory));
    const machine = await describeMachine();
    process.stdout.write(`${text}\n\n${machine}\n`);
    if (options.output !== undefined) await writeFile(options.output, `${JSON.stringify({ machine, ...json }, undefined, 1)}\n`);
    if (!isComplete) process.exitCode = 1;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

await main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
