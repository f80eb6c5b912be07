import { closeSync, constants, fstatSync, openSync, read, readSync, type Stats } from 'node:fs';
import { promisify } from 'node:util';

/** Files up to this size are read in one go: quicker than any thread, and without a turn of the event loop. */
const smallFile = 256 * 1024;

/** Files beyond this size are refused. */
export const maxFileBytes = 32 * 1024 * 1024;

const readAsync = promisify(read);

/** Changes whenever the content of a file may have changed. */
export interface FileSignature {
  readonly inode: number;
  readonly size: number;
  readonly changedMs: number;
}

export type ReadOutcome =
  | { readonly kind: 'bytes'; readonly bytes: Buffer; readonly signature: FileSignature }
  | { readonly kind: 'missing' }
  | { readonly kind: 'postponed' }
  | { readonly kind: 'directory' }
  | { readonly kind: 'unreadable'; readonly why: string; readonly isTooLarge: boolean };

/**
 * Reads a regular file; pipes, devices and directories are refused without waiting for them. `isWelcome` may put off the
 * reading after a look at the signature.
 */
export async function readBytes(path: string, isWelcome: (signature: FileSignature) => boolean): Promise<ReadOutcome> {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = fstatSync(descriptor);
    const signature = signatureOf(stats);
    if (stats.isDirectory()) return { kind: 'directory' };
    if (!stats.isFile()) return { kind: 'unreadable', why: 'it is not a regular file', isTooLarge: false };
    if (stats.size > maxFileBytes)
      return { kind: 'unreadable', why: `it has ${stats.size} bytes where ${maxFileBytes} are the limit`, isTooLarge: true };
    if (!isWelcome(signature)) return { kind: 'postponed' };
    return { kind: 'bytes', bytes: await readWhole(descriptor, stats.size), signature };
  } catch (error) {
    return failure(error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

export function signatureOf(stats: Stats): FileSignature {
  return { inode: stats.ino, size: stats.size, changedMs: stats.ctimeMs };
}

export function sameSignature(a: FileSignature, b: FileSignature): boolean {
  return a.inode === b.inode && a.size === b.size && a.changedMs === b.changedMs;
}

async function readWhole(descriptor: number, size: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(size);
  let filled = 0;
  while (filled < size) {
    const length = size - filled;
    const count =
      size <= smallFile
        ? readSync(descriptor, bytes, filled, length, filled)
        : (await readAsync(descriptor, bytes, filled, length, filled)).bytesRead;
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

/** What an error of the file system means: that something is not there, or why it cannot be read. */
export function failure(
  error: unknown,
): { readonly kind: 'missing' } | { readonly kind: 'unreadable'; readonly why: string; readonly isTooLarge: false } {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
  const why = error instanceof Error ? error.message : String(error);
  return { kind: 'unreadable', why, isTooLarge: false };
}
