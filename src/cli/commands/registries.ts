import { Command } from 'commander';
import { hostPort } from '../host-port.ts';
import { outputOption } from '../output-option.ts';
import type { Roles, ShowOptions } from '../roles.ts';

/** `coxswain registries`: where the services of a running mesh come from. */
export function registriesCommand(roles: Roles): Command {
  return new Command('registries')
    .description('Show the registries of a running control plane: state, lag, counts, errors, conflicts.')
    .option('--http-address <host:port>', 'HTTP port of the control plane', hostPort, '127.0.0.1:8080')
    .addOption(outputOption())
    .action((options: ShowOptions) => roles.showRegistries(options));
}
