/**
 * What one change costs among many services, from the changed object until every stale view has been asked for its delta, and what
 * a further view costs. Run: node scripts/with-node.mjs test/bench/scale.ts --help
 */
import { fork } from 'node:child_process';
import { parseArgs } from 'node:util';
import { measureScale, type ScaleInput, type ScaleResult } from './scale-measurement.ts';

const usage = `node scripts/with-node.mjs test/bench/scale.ts [options]
  --services 1000,10000
  --namespaces 20
  --worlds plain,sidecars-all,sidecars-own,wildcard,wildcard-source
  --types CDS,EDS,LDS,RDS,VHDS   which views the sidecars hold
  --rounds 15               changes of each kind; the median is printed
  --json                    results as JSON
`;

const { values } = parseArgs({
  options: {
    services: { type: 'string', default: '1000,10000' },
    namespaces: { type: 'string', default: '20' },
    worlds: { type: 'string', default: 'plain,sidecars-all,sidecars-own,wildcard,wildcard-source' },
    types: { type: 'string', default: 'CDS,EDS,LDS,RDS,VHDS' },
    rounds: { type: 'string', default: '15' },
    json: { type: 'boolean', default: false },
    one: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(usage);
else if (values.one !== undefined) {
  const result = await measureScale(JSON.parse(values.one) as ScaleInput);
  if (process.send === undefined) print([result]);
  else process.send(result);
} else {
  for (const namespaces of values.namespaces.split(',').map(Number)) {
    for (const kind of values.worlds.split(',') as ScaleInput['kind'][]) {
      const results: ScaleResult[] = [];
      for (const services of values.services.split(',').map(Number)) {
        results.push(await apart({ services, namespaces, kind, types: values.types.split(','), rounds: Number(values.rounds) }));
      }
      if (values.json) process.stdout.write(`${JSON.stringify(results)}\n`);
      else print(results);
    }
  }
}

/** In a process of its own: a heap of another world would be collected on this one's account. */
function apart(input: ScaleInput): Promise<ScaleResult> {
  return new Promise((resolve, reject) => {
    const child = fork(new URL(import.meta.url), ['--one', JSON.stringify(input)], { execArgv: [...process.execArgv, '--expose-gc'] });
    child.once('message', (message) => resolve(message as ScaleResult));
    child.once('exit', (code) => reject(new Error(`no result: exit code ${code}`)));
  });
}

function print(results: readonly ScaleResult[]): void {
  const [first, last] = [results[0], results.at(-1)];
  if (first === undefined || last === undefined) return;
  process.stdout.write(`\n${first.input.kind}, ${first.input.namespaces} namespaces, ${first.input.types.join()}\n`);
  const rows = Object.keys(first.figures).map((name) => {
    const columns = results.map((result) => [`S=${result.input.services}`, rounded(result.figures[name])] as const);
    const ratio = (last.figures[name] ?? Number.NaN) / (first.figures[name] ?? Number.NaN);
    return [name, Object.fromEntries([...columns, ...(results.length > 1 ? [['ratio', rounded(ratio)] as const] : [])])] as const;
  });
  console.table(Object.fromEntries(rows));
}

function rounded(value: number | undefined): number {
  return Number((value ?? Number.NaN).toPrecision(3));
}
