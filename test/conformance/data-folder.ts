import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Where Istio's cases lie, one folder for each suite: beside the project, or where `COXSWAIN_CONFORMANCE` says. */
export const dataFolder = process.env['COXSWAIN_CONFORMANCE'] ?? resolve(import.meta.dirname, '../../../shared/conformance');

/** Every case of a suite that is a JSON file, in the order of the file names. */
export function readCases<T>(data: string, suite: string): readonly T[] {
  const folder = join(data, suite);
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return files.sort().map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as T);
}
