import { Command } from 'commander';
import { demoCommand } from './commands/demo.ts';
import { explainCommand } from './commands/explain.ts';
import { installCommand } from './commands/install.ts';
import { manifestCommand } from './commands/manifest.ts';
import { proxyCommand } from './commands/proxy.ts';
import { proxyStatusCommand } from './commands/proxy-status.ts';
import { registriesCommand } from './commands/registries.ts';
import { serveCommand } from './commands/serve.ts';
import { uninstallCommand } from './commands/uninstall.ts';
import type { Roles } from './roles.ts';

/** Every command, in the order in which help shows them. */
const commands: readonly ((roles: Roles) => Command)[] = [
  serveCommand,
  proxyCommand,
  demoCommand,
  explainCommand,
  installCommand,
  uninstallCommand,
  manifestCommand,
  registriesCommand,
  proxyStatusCommand,
];

export function buildProgram(version: string, roles: Roles): Command {
  const program = new Command('coxswain').description('An Istio-compatible service-mesh control plane.').version(version);
  for (const command of commands) program.addCommand(command(roles));
  return program;
}
