import { Command } from 'commander';
import { hostPort } from '../host-port.ts';
import { outputOption } from '../output-option.ts';
import type { Roles, ShowOptions } from '../roles.ts';

interface ProxyStatusFlags extends Omit<ShowOptions, 'httpAddress'> {
  readonly httpAddress?: readonly string[];
}

/** `coxswain proxy-status`: what proxies have been sent and have taken, as `istioctl proxy-status` shows it. */
export function proxyStatusCommand(roles: Roles): Command {
  return new Command('proxy-status')
    .alias('ps')
    .description('Show what the proxies of a running control plane have been sent and have taken.')
    .argument('[proxy]', 'NAME.NAMESPACE of one proxy')
    .option('--http-address <host:port>', 'HTTP port of a control plane; repeatable (default: "127.0.0.1:8080")', collectHostPort)
    .addOption(outputOption())
    .action((proxy: string | undefined, { httpAddress, output }: ProxyStatusFlags) =>
      roles.showProxies({ httpAddresses: httpAddress ?? ['127.0.0.1:8080'], output, ...(proxy === undefined ? {} : { proxy }) }),
    );
}

function collectHostPort(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, hostPort(value)];
}
