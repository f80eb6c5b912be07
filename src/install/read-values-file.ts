import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { InstallError } from './install-error.ts';

/** The document of a `-f` file, `-` being standard input. Throws `InstallError` where it cannot be read. */
export async function readValuesFile(path: string): Promise<{ readonly name: string; readonly document: unknown }> {
  const name = path === '-' ? 'standard input' : path;
  const text = await readFile(path === '-' ? '/dev/stdin' : path, 'utf8').catch((error: unknown) => {
    throw new InstallError(`${name}: cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  });
  const document = parseDocument(text);
  const [fault] = document.errors;
  if (fault) throw new InstallError(`${name}: ${fault.message.split('\n')[0]}`);
  return { name, document: document.toJS({ maxAliasCount: 100 }) as unknown };
}
