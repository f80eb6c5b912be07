import { StartupError } from './startup-error.ts';

const patienceMs = 10_000;

/**
 * Asks the HTTP port of a control plane for JSON; `flag` is the one that said where it is.
 * @throws StartupError in one sentence where there is none, or something else answers.
 */
export async function getJson<T>(address: string, path: string, flag = '--http-address'): Promise<T> {
  const response = await ask(address, path, flag);
  if (response.status !== 200) {
    throw new StartupError(`${address} answers ${response.status} to ${path}: is it the HTTP port of a control plane?`);
  }
  try {
    return (await response.json()) as T;
  } catch (error) {
    throw new StartupError(`${address} does not answer ${path} as a control plane would`, { cause: error });
  }
}

async function ask(address: string, path: string, flag: string): Promise<Response> {
  try {
    return await fetch(`http://${address}${path}`, { signal: AbortSignal.timeout(patienceMs) });
  } catch (error) {
    throw new StartupError(`no control plane at ${address}: ${reasonOf(error)} (${flag} says where it is)`, { cause: error });
  }
}

/** `fetch` says only that it failed; the reason is its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${patienceMs / 1000} s`;
  const cause: unknown = error.cause;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'ECONNREFUSED') return 'nobody listens there';
  if (code === 'ENOTFOUND') return 'there is no such host';
  return code || (cause instanceof Error ? cause.message : error.message);
}
