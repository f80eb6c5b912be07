import { Command, InvalidArgumentError } from 'commander';
import type { DemoOptions, Roles } from '../roles.ts';

interface DemoFlags extends Omit<DemoOptions, 'forSeconds' | 'requestsPerSecond'> {
  readonly for?: number;
  readonly rate: number;
}

/** `coxswain demo` (`npm start`): a running mesh with real Envoys, from nothing. */
export function demoCommand(roles: Roles): Command {
  return new Command('demo')
    .description('Run the demo mesh: control plane, services, Envoys, traffic and a live view.')
    .option('--config <dir>', 'configuration of the mesh (default: deploy/demo of the package)')
    .option('--headless', 'no live view: one line a second', false)
    .option('--for <duration>', 'end by itself after this long, such as 20s', parseSeconds)
    .option('--expect-traffic', 'exit non-zero unless requests flowed through Envoy on every edge', false)
    .option('--envoy <path>', 'the Envoy to run (1.40 or newer)')
    .option('--rate <requests>', 'requests per second into the mesh', parseRate, 40)
    .action(({ for: forSeconds, rate, ...rest }: DemoFlags) =>
      roles.demo({ ...rest, requestsPerSecond: rate, ...(forSeconds === undefined ? {} : { forSeconds }) }),
    );
}

function parseSeconds(value: string): number {
  const match = /^(\d+(?:\.\d+)?)(s|m)?$/.exec(value);
  if (match === null) throw new InvalidArgumentError('write it as 20s or 2m');
  return Number(match[1]) * (match[2] === 'm' ? 60 : 1);
}

function parseRate(value: string): number {
  const rate = Number(value);
  if (!(rate > 0 && rate <= 10_000)) throw new InvalidArgumentError('not a number from 1 to 10000');
  return rate;
}
