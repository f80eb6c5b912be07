import type { Command } from 'commander';
import { collect } from '../collect.ts';

/** The flags by which an installation is described, with istioctl's names. */
export function installFlags(command: Command): Command {
  return command
    .option('-s, --set <path=value>', 'a value, such as profile=demo or values.pilot.autoscaleMin=2; repeatable', collect, [])
    .option('-f, --filename <file>', 'an IstioOperator or plain values as YAML, - for standard input; repeatable', collect, [])
    .option('-r, --revision <name>', 'installs beside other revisions, for a canary');
}
