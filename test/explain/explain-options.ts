import { buildProgram } from '../../src/cli/commands.ts';
import type { ExplainOptions, Roles } from '../../src/cli/roles.ts';

/** What the command is told by a command line that begins with `coxswain`. */
export function explainOptions([program = 'coxswain', ...words]: readonly string[]): ExplainOptions {
  let told: ExplainOptions | undefined;
  const roles: Pick<Roles, 'explain'> = {
    async explain(options) {
      told = options;
    },
  };
  buildProgram('0.0.0', roles as Roles)
    .exitOverride()
    .parse(['node', program, ...words]);
  if (told === undefined) throw new Error(`${words.join(' ')} is no explain`);
  return told;
}
