/** `npm run bench`: how fast proxies are configured and changes reach them. `--help` lists the options; docs/performance.md explains the figures. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Load, LoadClient } from './load-client.ts';
import { filledIn, freeAddress, MeasuredServer, ownServer, type ServerCommand } from './measured-server.ts';
import { type LoadResult, resultsTable, type StartResult, startsTable } from './results-table.ts';

const usage = `npm run bench -- [options]
  --services 100,1000    sizes of the generated worlds
  --proxies 10,100       connected proxies
  --modes delta,sotw     variants of ADS
  --churn eds,rds,cds    changes: an endpoint, a route, a new service; empty for none
  --changes 5            changes of each kind
  --rounds 1             everything so many times, servers in turn
  --other "CMD ..."      another server too; {config} and {address} are filled in
  --output FILE          all that was measured, as JSON
  --profile DIR          CPU profiles of our server (its figures are worse then)
`;

const { values } = parseArgs({
  options: {
    services: { type: 'string', default: '100,1000' },
    proxies: { type: 'string', default: '10,100' },
    modes: { type: 'string', default: 'delta,sotw' },
    churn: { type: 'string', default: 'eds,rds,cds' },
    changes: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '1' },
    other: { type: 'string' },
    output: { type: 'string' },
    profile: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(usage);
  process.exit(0);
}

const listOf = (text: string) => text.split(',').filter((item) => item !== '');
const profileFlags = values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`];
const other: ServerCommand[] = values.other === undefined ? [] : [{ label: 'other', words: values.other.split(/\s+/) }];
const servers = [ownServer(profileFlags), ...other];
const loads = listOf(values.services).flatMap((services) =>
  listOf(values.proxies).flatMap((proxies) =>
    listOf(values.modes).map((mode): Load => {
      if (mode !== 'delta' && mode !== 'sotw') throw new Error(`--modes: ${mode} is neither delta nor sotw`);
      return { services: Number(services), proxies: Number(proxies), mode, churn: listOf(values.churn), changes: Number(values.changes) };
    }),
  ),
);

const client = await LoadClient.build().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
const directory = await mkdtemp(join(tmpdir(), 'coxswain-bench-'));
const world = join(directory, 'world');
const results: LoadResult[] = [];
const starts: StartResult[] = [];

async function measureStarts(server: ServerCommand): Promise<void> {
  for (const services of listOf(values.services).map(Number)) {
    await client.generate(world, services);
    const address = await freeAddress();
    starts.push({
      server: server.label,
      services,
      measured: await client.measureStart(services, address, filledIn(server, world, address)),
    });
  }
}

async function measureLoad(command: ServerCommand, load: Load): Promise<void> {
  await client.generate(world, load.services);
  const server = await MeasuredServer.start(command, world);
  try {
    const measured = await client.measure(load, server, world);
    const { services, proxies, mode } = load;
    results.push({ server: command.label, services, proxies, mode, measured });
    for (const failure of measured.failures) process.stderr.write(`${services}/${proxies}/${mode}: ${failure}\n`);
    if (measured.failures.length > 0) process.exitCode = 1;
  } finally {
    await server.stop();
  }
}

try {
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const server of servers) await measureStarts(server);
    for (const load of loads) for (const server of servers) await measureLoad(server, load);
  }
} finally {
  await rm(directory, { recursive: true, force: true });
}
const machine = `${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)} at the end, Node ${process.versions.node}`;
process.stdout.write(`${resultsTable(results)}\n\n${startsTable(starts)}\n\n${machine}; in brackets: how many times less than istiod\n`);
if (values.output !== undefined) await writeFile(values.output, `${JSON.stringify({ machine, results, starts }, undefined, 1)}\n`);
