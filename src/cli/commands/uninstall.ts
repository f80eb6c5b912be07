import { Command } from 'commander';
import type { Roles, UninstallOptions } from '../roles.ts';
import { clusterFlags } from './install-flags.ts';

/** `coxswain uninstall`: removes what `coxswain install` made. */
export function uninstallCommand(roles: Roles): Command {
  const command = new Command('uninstall')
    .description('Remove what was installed into a cluster.')
    .option('-r, --revision <name>', 'the revision to remove; the one without a name where unset')
    .option('--purge', 'all revisions, the definitions of kinds with every object of them, and the namespace', false);
  return clusterFlags(command).action((options: UninstallOptions) => roles.uninstall(options));
}
