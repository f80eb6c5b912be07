import { Command } from 'commander';
import type { InstallOptions, Roles } from '../roles.ts';
import { clusterFlags, installFlags } from './install-flags.ts';

/** `coxswain install`: applies what `coxswain manifest generate` prints, and waits until it works. */
export function installCommand(roles: Roles): Command {
  return clusterFlags(
    installFlags(new Command('install').description('Install the control plane into a cluster, or change what is installed.')),
  ).action((options: InstallOptions) => roles.install(options));
}
