// Proxies in a process of their own, told what to do by `FleetProcess`.
import { setTimeout as delay } from 'node:timers/promises';
import { Fleet } from '../../harness/fleet/fleet.ts';
import { ServiceWorld } from '../../harness/fleet/service-world.ts';
import type { FleetCommand, FleetState } from './fleet-process.ts';

const stepMs = 10;
let fleet: Fleet | undefined;

process.on('message', (command: FleetCommand) => {
  void obey(command).then((state) => process.send?.(state));
});
process.on('disconnect', () => process.exit());

async function obey(command: FleetCommand): Promise<FleetState> {
  if (command.kind === 'begin') {
    const { address, services, endpoints, first } = command;
    fleet = new Fleet({ address, first, world: new ServiceWorld({ directory: '', services, endpoints }) });
    return stateOf(fleet, '');
  }
  if (fleet === undefined) throw new Error('not begun');
  if (command.kind === 'connect') await connect(fleet, command);
  if (command.kind === 'allReady') await fleet.allReady();
  return stateOf(fleet, command.kind === 'look' ? command.mark : '');
}

async function connect(into: Fleet, { count, pace, withinMs }: FleetCommand & { kind: 'connect' }): Promise<void> {
  const steps = Math.max(1, Math.floor(withinMs / stepMs));
  const startedMs = performance.now();
  for (let step = 1, opened = 0; step <= steps; step++) {
    const due = Math.round((count * step) / steps);
    into.connect(due - opened, pace);
    opened = due;
    await delay(Math.max(0, startedMs + step * stepMs - performance.now()));
  }
}

function stateOf({ proxies, ready, ended }: Fleet, mark: string): FleetState {
  return {
    proxies: proxies.length,
    ready,
    holding: mark === '' ? 0 : proxies.filter(({ kept }) => kept?.includes(mark)).length,
    receivedBytes: proxies.reduce((sum, { receivedBytes }) => sum + receivedBytes, 0),
    ended: Object.fromEntries(ended),
  };
}
