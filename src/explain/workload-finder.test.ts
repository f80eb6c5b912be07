import { expect, it } from 'vitest';
import { Engine } from '../incremental/engine.ts';
import type { Workload } from '../model/workload.ts';
import { workloadFinder } from './workload-finder.ts';

it('finds the workload of an address, the first by key, and those that came since', () => {
  const table = new Engine().table<Workload>();
  const workload = (name: string, ...addresses: string[]) => table.set(name, { name, addresses } as unknown as Workload);
  const find = workloadFinder(table);
  workload('b', '10.0.0.1', '10.0.0.2');
  workload('a', '10.0.0.1');
  expect(['10.0.0.1', '10.0.0.2', '10.0.0.3'].map((address) => find(address)?.name)).toEqual(['a', 'b', undefined]);
  workload('c', '10.0.0.3');
  expect(find('10.0.0.3')?.name).toBe('c');
});

it('looks through them once for all receivers', () => {
  let looks = 0;
  const workloads = new Map<string, Workload>([
    [
      'a',
      {
        get addresses() {
          looks++;
          return ['10.0.0.1'];
        },
      } as unknown as Workload,
    ],
  ]);
  const find = workloadFinder({ get: () => workloads });
  for (let i = 0; i < 100; i++) find(`10.0.0.${i}`);
  expect(looks).toBe(1);
});
