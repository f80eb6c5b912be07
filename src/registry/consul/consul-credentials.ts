import { readFile } from 'node:fs/promises';
import { ConsulFailure } from './consul-failure.ts';
import type { ConsulConnection } from './consul-settings.ts';

/** What files say at one moment. */
export interface ConsulCredentials {
  readonly token?: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** Reads every file that the connection names. The failure names the file and never what is in it. */
export async function readCredentials(connection: ConsulConnection): Promise<ConsulCredentials> {
  const { tokenFile, caFile, certFile, keyFile } = connection;
  const [token, ca, cert, key] = await Promise.all([tokenFile, caFile, certFile, keyFile].map(readIfNamed));
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token.trim())) {
    throw new ConsulFailure('denied', `the token file ${tokenFile} does not hold one token`);
  }
  return {
    ...(token === undefined ? {} : { token: token.trim() }),
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

/** Whether connections made with the one can be used on with the other. */
export function sameTlsFiles(a: ConsulCredentials, b: ConsulCredentials): boolean {
  return a.ca === b.ca && a.cert === b.cert && a.key === b.key;
}

async function readIfNamed(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new ConsulFailure('refused', `${path} cannot be read (${code})`);
  }
}
