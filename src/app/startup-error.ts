import { EnvoyUnavailableError } from '../agent/find-envoy.ts';

/** The program cannot begin; the message says why and what to do. */
export class StartupError extends Error {
  override readonly name: string = 'StartupError';
}

/** Ends the program with 1 and one sentence where it cannot begin for a reason that its user can mend. Bugs stay thrown. */
export function endWithSentence(error: unknown): never {
  if (!(error instanceof StartupError || error instanceof EnvoyUnavailableError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}

/** What a server says that cannot listen on the address of a flag. */
export function cannotListen(flag: string, address: string, error: unknown): StartupError {
  const text = error instanceof Error ? error.message : String(error);
  const why = text.includes('EADDRINUSE') ? 'somebody else does already; port 0 picks a free one' : text;
  return new StartupError(`cannot listen on ${flag} ${address}: ${why}`, { cause: error });
}
