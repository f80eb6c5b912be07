import { parseArgs } from 'node:util';

const usage = `npm run bench -- [options]
  --services 100,1000     sizes of the generated worlds
  --proxies 10,100,500    connected proxies
  --modes delta,sotw      variants of ADS
  --churn eds,rds,cds     changes: an endpoint, a route, a new service; empty for none
  --changes 10            changes of each kind
  --rounds 1              everything so many times, servers in turn; the table shows medians
  --other "CMD ..."       another server too, and ratios to it instead of to istiod's known figures; {config} and {address} are
                          filled in. The server itself, not a launcher: it is ended by signals
  --output FILE           all that was measured, as JSON
  --profile DIR           CPU profiles of our server (its figures are worse then)

npm run bench -- --scenarios [NAME,...]
  slow-reader,slow-crowd,connect-storm,flapping-endpoint,idle-mesh,connect-cycles; all of them where none is named
  --services 100          size of the world, unless the scenario has its own
  --seconds 60            how long an endpoint flaps, and a mesh idles
  --cycles 50000          connections that come and go
  --output FILE           as above
`;

/** What `npm run bench` was asked for. */
export interface BenchOptions {
  readonly services: readonly number[];
  readonly proxies: readonly number[];
  readonly modes: readonly ('delta' | 'sotw')[];
  readonly churn: readonly string[];
  readonly changes: number;
  readonly rounds: number;
  readonly other?: string;
  readonly output?: string;
  readonly profile?: string;
  /** Names of scenarios to run instead of the load client; empty for all. */
  readonly scenarios?: readonly string[];
  readonly seconds: number;
  readonly cycles: number;
}

/** Undefined where help was asked for, and given. Throws with one sentence for what cannot be read. */
export function readBenchOptions(args: readonly string[]): BenchOptions | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      services: { type: 'string' },
      proxies: { type: 'string', default: '10,100,500' },
      modes: { type: 'string', default: 'delta,sotw' },
      churn: { type: 'string', default: 'eds,rds,cds' },
      changes: { type: 'string', default: '10' },
      rounds: { type: 'string', default: '1' },
      other: { type: 'string' },
      output: { type: 'string' },
      profile: { type: 'string' },
      scenarios: { type: 'boolean', default: false },
      seconds: { type: 'string', default: '60' },
      cycles: { type: 'string', default: '50000' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return undefined;
  }
  if (positionals.length > 0 && !values.scenarios) throw new Error(`${positionals.join(' ')}: not understood; see --help`);
  return {
    services: numbers('--services', values.services ?? (values.scenarios ? '100' : '100,1000')),
    proxies: numbers('--proxies', values.proxies),
    modes: listOf(values.modes).map(mode),
    churn: listOf(values.churn),
    changes: number('--changes', values.changes),
    rounds: number('--rounds', values.rounds),
    seconds: number('--seconds', values.seconds),
    cycles: number('--cycles', values.cycles),
    ...(values.other === undefined ? {} : { other: values.other }),
    ...(values.output === undefined ? {} : { output: values.output }),
    ...(values.profile === undefined ? {} : { profile: values.profile }),
    ...(values.scenarios ? { scenarios: positionals.flatMap(listOf) } : {}),
  };
}

function listOf(text: string): readonly string[] {
  return text.split(',').filter((item) => item !== '');
}

function numbers(option: string, text: string): readonly number[] {
  return listOf(text).map((item) => number(option, item));
}

function number(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value <= 0) throw new Error(`${option}: ${text} is no positive number`);
  return value;
}

function mode(text: string): 'delta' | 'sotw' {
  if (text === 'delta' || text === 'sotw') return text;
  throw new Error(`--modes: ${text} is neither delta nor sotw`);
}
