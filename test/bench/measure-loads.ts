import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchOptions } from './bench-options.ts';
import type { LoadResult, StartResult } from './bench-results.ts';
import { type Load, LoadClient } from './load-client.ts';
import { filledIn, freeAddress, MeasuredServer, type ServerCommand } from './measured-server.ts';

export interface LoadMeasurements {
  readonly loads: readonly LoadResult[];
  readonly starts: readonly StartResult[];
}

/** Plays every situation against every server, the servers in turn and each round beginning with the next one. */
export async function measureLoads(options: BenchOptions, servers: readonly ServerCommand[], directory: string): Promise<LoadMeasurements> {
  const client = await LoadClient.build();
  const world = join(directory, 'world');
  const loads: LoadResult[] = [];
  const starts: StartResult[] = [];
  for (let round = 0; round < options.rounds; round++) {
    const turn = [...servers.slice(round % servers.length), ...servers.slice(0, round % servers.length)];
    for (const services of options.services) {
      await client.generate(world, services);
      for (const server of turn) {
        const address = await freeAddress();
        const measured = await client.measureStart(services, address, filledIn(server, world, address));
        starts.push({ server: server.label, services, measured });
      }
    }
    for (const load of situations(options)) {
      for (const server of turn) {
        await client.generate(world, load.services);
        loads.push(await measureLoad(client, server, { load, world }));
      }
    }
  }
  await rm(world, { recursive: true, force: true });
  return { loads, starts };
}

function situations({ services, proxies, modes, churn, changes }: BenchOptions): readonly Load[] {
  return services.flatMap((s) => proxies.flatMap((n) => modes.map((mode) => ({ services: s, proxies: n, mode, churn, changes }))));
}

async function measureLoad(
  client: LoadClient,
  command: ServerCommand,
  { load, world }: { readonly load: Load; readonly world: string },
): Promise<LoadResult> {
  const server = await MeasuredServer.start(command, world);
  try {
    const measured = await client.measure(load, server, world);
    const { services, proxies, mode } = load;
    const name = `${command.label}, ${services}/${proxies}/${mode}`;
    for (const failure of measured.failures) process.stderr.write(`${name}: ${failure}\n`);
    process.stderr.write(`${name}: configured in ${measured.readySeconds} s, ${measured.readyCpuSeconds} CPU s\n`);
    return { server: command.label, services, proxies, mode, measured };
  } finally {
    await server.stop();
  }
}
