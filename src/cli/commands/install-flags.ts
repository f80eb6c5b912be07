import { type Command, InvalidArgumentError } from 'commander';
import { parseDurationMs } from '../../lib/duration.ts';
import { collect } from '../collect.ts';

/** The flags by which an installation is described, with istioctl's names. */
export function installFlags(command: Command): Command {
  return command
    .option('-s, --set <path=value>', 'a value, such as profile=demo or values.pilot.autoscaleMin=2; repeatable', collect, [])
    .option('-f, --filename <file>', 'an IstioOperator or plain values as YAML, - for standard input; repeatable', collect, [])
    .option('-r, --revision <name>', 'installs beside other revisions, for a canary');
}

/** The flags of what changes a cluster. */
export function clusterFlags(command: Command): Command {
  return command
    .option('-c, --kubeconfig <file>', 'the cluster; else KUBECONFIG, or ~/.kube/config')
    .option('--context <name>', 'context of the kubeconfig, instead of its current one')
    .option('--dry-run', 'say what would change, and change nothing', false)
    .option('--readiness-timeout <duration>', 'how long to wait until everything is ready, or gone', parseTimeout, 300_000)
    .option('-y, --skip-confirmation', 'taken for the sake of scripts made for istioctl; nothing is ever asked', false);
}

/** Milliseconds of a duration such as 5m or 90s. */
function parseTimeout(text: string): number {
  const ms = parseDurationMs(text);
  if (ms === undefined || ms <= 0) throw new InvalidArgumentError('write it as a duration, such as 5m or 90s');
  return ms;
}
