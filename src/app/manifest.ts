import type { ManifestOptions } from '../cli/roles.ts';
import { InstallError } from '../install/install-error.ts';
import { type Installation, resolveInstallation } from '../install/installation.ts';
import { allObjects, buildManifest } from '../install/manifest.ts';
import { readValuesFile } from '../install/read-values-file.ts';
import { findWithoutEffect } from '../install/values/find-without-effect.ts';
import { ownerName, readSettings } from '../install/values/read-settings.ts';
import { yamlOf } from '../install/yaml-text.ts';
import { endWithSentence, StartupError } from './startup-error.ts';

/** Prints an installation's objects. */
export async function manifest(options: ManifestOptions): Promise<void> {
  const { installation } = await describedInstallation(options).catch(asStartupError).catch(endWithSentence);
  const objects = allObjects(buildManifest(installation));
  if (objects.length > 0) process.stdout.write(yamlOf(objects));
}

interface DescribedInstallation {
  readonly installation: Installation;
  /** Name of the IstioOperator, if one was given. */
  readonly owner: string;
}

/** What the flags and files describe. */
export async function describedInstallation({ set, filename, revision }: ManifestOptions): Promise<DescribedInstallation> {
  const files = await Promise.all(filename.map(readValuesFile));
  const settings = readSettings({ files, set, ...(revision !== undefined && { revision }) });
  for (const path of findWithoutEffect(settings)) process.stderr.write(`warning: ${path} changes nothing here\n`);
  const installation = resolveInstallation(settings);
  return { installation, owner: ownerName(files) };
}

/** What a user can mend ends in a sentence. */
export function asStartupError(error: unknown): never {
  throw error instanceof InstallError ? new StartupError(error.message, { cause: error }) : error;
}
