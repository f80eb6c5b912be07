import { Command, InvalidArgumentError, Option } from 'commander';
import { hostPort } from '../host-port.ts';
import type { ProxyOptions, Roles } from '../roles.ts';

interface ProxyFlags extends Omit<ProxyOptions, 'labels'> {
  readonly label: Readonly<Record<string, string>>;
}

/** `coxswain proxy`: an Envoy beside a workload, with the bootstrap that pilot-agent would write. */
export function proxyCommand(roles: Roles): Command {
  return new Command('proxy')
    .description('Run an Envoy beside a workload (installs Envoy when there is none).')
    .requiredOption('--name <name>', 'name of the workload')
    .option('--namespace <namespace>', 'namespace of the workload', 'default')
    .option('--address <ip>', "the workload's own address", '127.0.0.1')
    .option('--xds-address <host:port>', 'where the control plane listens', hostPort, '127.0.0.1:15010')
    .option('--service-account <name>', 'service account of the workload', 'default')
    .option('--label <key=value>', 'label of the workload; repeatable', collectLabel, {})
    .option('--envoy <path>', 'the Envoy to run (1.40 or newer)')
    .option('--admin-port <port>', "port of Envoy's admin interface; 0 picks a free one", parsePort, 15000)
    .option('--status-port <port>', 'port of /healthz/ready, for probes of a pod', parsePort)
    .option('--stats-port <port>', 'port of /stats/prometheus, for Prometheus', parsePort)
    .option('--metrics-port <port>', "port of /stats/prometheus with Istio's metrics under Istio's names", parsePort)
    .addOption(new Option('--type <type>', 'what the proxy is for').choices(['sidecar', 'router']).default('sidecar'))
    .option('--concurrency <threads>', "Envoy's worker threads", parsePort, 1)
    .addOption(
      new Option('--log-level <level>').choices(['trace', 'debug', 'info', 'warning', 'error', 'critical', 'off']).default('warning'),
    )
    .option('--exit-with-stdin', 'end when standard input ends', false)
    .action(({ label, ...rest }: ProxyFlags) => roles.proxy({ ...rest, labels: label }));
}

function collectLabel(value: string, previous: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const at = value.indexOf('=');
  if (at <= 0) throw new InvalidArgumentError('write it as key=value');
  return { ...previous, [value.slice(0, at)]: value.slice(at + 1) };
}

function parsePort(value: string): number {
  const port = Number(value);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new InvalidArgumentError('not a number from 0 to 65535');
  return port;
}
