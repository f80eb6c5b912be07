import type { ExplainOptions } from '../cli/roles.ts';
import type { Explanation } from '../explain/explanation.ts';
import { getJson } from './admin-client.ts';
import { StartupError } from './startup-error.ts';

/** Asks a running control plane for an explanation. */
export async function askServer(options: ExplainOptions): Promise<Explanation> {
  const answer = await getJson<Explanation | { readonly problem: string; readonly hint?: string }>(
    options.server ?? '127.0.0.1:8080',
    `/debug/explain?${explainQuery(options).toString()}`,
    '--server',
  );
  if (!('problem' in answer)) return answer;
  throw new StartupError(answer.hint === undefined ? answer.problem : `${answer.problem}: ${answer.hint}`);
}

/** The query that `/debug/explain` reads. */
export function explainQuery(options: ExplainOptions): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of ['from', 'gateway', 'method', 'host', 'path', 'port', 'protocol', 'sni', 'address'] as const) {
    const value = options[name];
    if (value !== undefined) query.set(name, value);
  }
  for (const word of options.words ?? []) query.append('word', word);
  for (const header of options.headers ?? []) query.append('header', header);
  if (options.tls === true) query.set('tls', 'true');
  if (!options.inbound) query.set('inbound', 'false');
  return query;
}
