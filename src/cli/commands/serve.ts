import { Command, Option } from 'commander';
import { hostPort } from '../host-port.ts';
import type { Roles, ServeOptions } from '../roles.ts';

/** `coxswain serve`: the control plane. Others script it: its flags and its READY line stay as they are. */
export function serveCommand(roles: Roles): Command {
  return new Command('serve')
    .description('Run the control plane on directories of YAML, on a Kubernetes cluster, or on both.')
    .option('--config <dir>', 'directory of YAML, watched recursively; repeatable', collect)
    .option('--kubeconfig <file>', 'cluster to read; without --config also KUBECONFIG, or the cluster that it runs in')
    .option('--context <name>', 'context of the kubeconfig, instead of its current one')
    .option('--registry <url>', 'registry of services, consul://HOST:PORT[?token-file=...&datacenter=...]; repeatable', collect)
    .option('--mesh-config <file>', 'MeshConfig, as Istio reads it from the ConfigMap `istio`')
    .option('--mesh-networks <file>', 'MeshNetworks, as Istio reads them from the same ConfigMap')
    .option('--xds-address <host:port>', 'plaintext xDS; port 0 picks a free one', hostPort, '127.0.0.1:15010')
    .option('--http-address <host:port>', 'readiness, metrics and /debug; port 0 picks a free one', hostPort, '127.0.0.1:8080')
    .option('--monitoring-address <host:port>', 'the same pages at a second address, as istiod has them at port 15014', hostPort)
    .option('--webhook-address <host:port>', 'admission webhooks of the cluster, over TLS; off unless it is said', hostPort)
    .option('--exit-with-stdin', 'end when standard input ends', false)
    .addOption(new Option('--log-level <level>').choices(['debug', 'info', 'warn', 'error']).default('info'))
    .action((options: ServeOptions) => roles.serve(options));
}

function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}
