import { Command } from 'commander';
import type { ManifestOptions, Roles } from '../roles.ts';
import { installFlags } from './install-flags.ts';

/** `coxswain manifest generate`: what `coxswain install` would apply, as YAML. */
export function manifestCommand(roles: Roles): Command {
  const generate = installFlags(new Command('generate').description('Print the objects of an installation as YAML.')).action(
    (options: ManifestOptions) => roles.manifest(options),
  );
  return new Command('manifest').description('What an installation consists of.').addCommand(generate);
}
