import { execFile } from 'node:child_process';

/** The oldest Envoy whose behaviour the generated configuration relies on, and the one that is installed. */
export const minimumVersion: EnvoyVersion = { major: 1, minor: 40 };

export interface EnvoyVersion {
  readonly major: number;
  readonly minor: number;
}

/** Reads `envoy  version: <commit>/1.40.0/Clean/RELEASE/BoringSSL`. */
export function parseEnvoyVersion(output: string): EnvoyVersion | undefined {
  const match = /version:\s*[0-9a-f]+\/(\d+)\.(\d+)\.\d+/.exec(output);
  return match ? { major: Number(match[1]), minor: Number(match[2]) } : undefined;
}

export function isOlder(version: EnvoyVersion, than: EnvoyVersion): boolean {
  return version.major !== than.major ? version.major < than.major : version.minor < than.minor;
}

export function formatVersion(version: EnvoyVersion): string {
  return `${version.major}.${version.minor}`;
}

/** What `--version` says; text that says why where it says nothing useful. */
export function readEnvoyVersion(path: string): Promise<EnvoyVersion | { readonly problem: string }> {
  return new Promise((resolve) => {
    execFile(path, ['--version'], { timeout: 10_000 }, (error, stdout) => {
      if (error) resolve({ problem: `${path} --version failed: ${error.message.trim()}` });
      else resolve(parseEnvoyVersion(stdout) ?? { problem: `${path} does not say that it is an Envoy` });
    });
  });
}
