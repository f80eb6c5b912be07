import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchOptions } from '../bench-options.ts';
import { markdownTable } from '../markdown-table.ts';
import type { ScenarioFigure } from './scenario.ts';
import { scenarios } from './scenarios.ts';

export interface ScenarioResult {
  readonly scenario: string;
  readonly services: number;
  readonly figures: readonly ScenarioFigure[];
}

/** Those that were named, or all, each with a server of its own. */
export async function runScenarios(options: BenchOptions, names: readonly string[], directory: string): Promise<readonly ScenarioResult[]> {
  const unknown = names.filter((name) => !scenarios.some((scenario) => scenario.name === name));
  if (unknown.length > 0) throw new Error(`no scenario ${unknown.join(', ')}: there are ${scenarios.map(({ name }) => name).join(', ')}`);
  const results: ScenarioResult[] = [];
  const { seconds, cycles } = options;
  for (const { name, run, services: own } of scenarios.filter((each) => names.length === 0 || names.includes(each.name))) {
    for (const services of own === undefined ? options.services : [own]) {
      const progress = (text: string) => process.stderr.write(`${name}: ${text}\n`);
      progress('begins');
      const folder = join(directory, `${name}-${services}`);
      await mkdir(folder);
      const figures = await run({ directory: folder, services, seconds, cycles, progress });
      for (const { what, value, isMet } of figures) progress(`${what}: ${value}${isMet === false ? ' (missed)' : ''}`);
      results.push({ scenario: name, services, figures });
    }
  }
  return results;
}

export function scenariosTable(results: readonly ScenarioResult[]): string {
  const rows = results.flatMap(({ scenario, services, figures }) =>
    figures.map(({ what, value, bound, isMet }, index) => [
      index === 0 ? `${scenario}, S = ${services}` : '',
      what,
      value,
      bound,
      isMet === undefined ? '' : isMet ? 'met' : 'missed',
    ]),
  );
  return markdownTable(['scenario', 'figure', 'value', 'bound', ''], rows);
}
