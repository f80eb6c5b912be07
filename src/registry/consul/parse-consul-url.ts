import type { Issue } from '../../model/issue.ts';
import { closestOf } from '../../schema/field/did-you-mean.ts';
import type { Field } from '../../schema/field/field.ts';
import { parseSpec } from '../../schema/field/parse.ts';
import { string } from '../../schema/field/scalars.ts';
import { consulRegistry } from '../../schema/mesh-registries/consul-registry.ts';
import { type RegistryEntry, registryEntry } from '../../schema/mesh-registries/mesh-registries.ts';
import { checkConsul } from '../../schema/mesh-registries/validate.ts';
import { Report } from '../../schema/report.ts';

/** What is wrong with a registry of the command line, in one sentence. */
export class RegistryUrlError extends Error {
  override readonly name = 'RegistryUrlError';
}

const fields: ReadonlyMap<string, Field> = new Map<string, Field>([
  ...Object.entries<Field>(consulRegistry.fields)
    .filter(([name]) => name !== 'address')
    .map(([name, field]) => [kebabCase(name), field] as const),
  ['id', string()],
]);

/**
 * `consul://HOST:PORT?token-file=...&datacenter=...`, or `consul+https://`: the fields of `MeshRegistries` in kebab case. Throws a
 * `RegistryUrlError`; no part of the message is a secret.
 */
export function parseConsulUrl(url: string): RegistryEntry {
  const [, scheme = '', address = '', query = ''] = /^consul(?:\+(https?))?:\/\/([^/?#]*)\/?(?:\?([^#]*))?$/.exec(url) ?? [];
  if (address === '') throw new RegistryUrlError(`${described(url)} is no registry: write consul://HOST:PORT`);
  if (address.includes('@'))
    throw new RegistryUrlError('consul:// takes no credentials: put the token into a file, and its path into token-file=');
  const values = new Map<string, unknown>();
  for (const [name, text] of new URLSearchParams(query)) {
    if (values.has(name)) throw new RegistryUrlError(`consul://${address} has the parameter "${name}" twice`);
    values.set(name, typed(fieldOf(name), name, text));
  }
  const { id, ...rest } = Object.fromEntries([...values].map(([name, value]) => [camelCase(name), value]));
  const parsed = parseSpec(
    registryEntry,
    { ...(id === undefined ? {} : { id }), consul: { address: scheme ? `${scheme}://${address}` : address, ...rest } },
    [],
  );
  const report = new Report();
  if (parsed.value?.consul) checkConsul(parsed.value.consul, ['consul'], report);
  const wrong = [...parsed.issues, ...report.issues].find(({ severity }) => severity === 'error');
  if (parsed.value === undefined || wrong !== undefined) throw new RegistryUrlError(`consul://${address}: ${sentenceOf(wrong)}`);
  return parsed.value;
}

function fieldOf(name: string): Field {
  if (name === 'token') throw new RegistryUrlError('write token-file=PATH: command lines are no place for a token');
  const field = fields.get(name);
  if (field !== undefined) return field;
  const meant = closestOf(name, fields.keys());
  throw new RegistryUrlError(`consul:// has no parameter "${name.slice(0, 64)}"${meant === undefined ? '' : `; did you mean "${meant}"?`}`);
}

/** What the text of a parameter says, in the type of its field. */
function typed(field: Field, name: string, text: string): unknown {
  if (field.type === 'bool') {
    if (text !== 'true' && text !== 'false') throw new RegistryUrlError(`${name} must be true or false`);
    return text === 'true';
  }
  return text;
}

function sentenceOf(issue: Issue | undefined): string {
  if (issue === undefined) return 'it cannot be read';
  const last = issue.path?.at(-1);
  const name = typeof last === 'string' ? kebabCase(last) : 'it';
  return `${name} ${issue.message}${issue.hint === undefined ? '' : `; ${issue.hint}`}`;
}

/** The scheme is all that can be told of what is no address: the rest might hold a secret. */
function described(url: string): string {
  const scheme = /^[A-Za-z][A-Za-z0-9+.-]*(?=:)/.exec(url)?.[0];
  const meant = scheme === undefined ? undefined : closestOf(scheme, ['consul', 'consul+https', 'consul+http']);
  if (scheme === undefined) return 'a text without a scheme';
  return `${scheme}://...${meant === undefined || meant === scheme ? '' : ` (did you mean ${meant}://?)`}`;
}

function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
