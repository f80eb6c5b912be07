import type { ManifestOptions } from '../cli/roles.ts';
import { InstallError } from '../install/install-error.ts';
import { resolveInstallation } from '../install/installation.ts';
import { allObjects, buildManifest, type Manifest } from '../install/manifest.ts';
import { readValuesFile } from '../install/read-values-file.ts';
import { readSettings } from '../install/values/read-settings.ts';
import { yamlOf } from '../install/yaml-text.ts';
import { endWithSentence, StartupError } from './startup-error.ts';

/** Prints an installation's objects. */
export async function manifest(options: ManifestOptions): Promise<void> {
  const built = await manifestOf(options).catch(endWithSentence);
  const objects = allObjects(built);
  if (objects.length > 0) process.stdout.write(yamlOf(objects));
}

/** The manifest that the flags and files describe. */
export async function manifestOf({ set, filename, revision }: ManifestOptions): Promise<Manifest> {
  try {
    const files = await Promise.all(filename.map(readValuesFile));
    return buildManifest(resolveInstallation(readSettings({ files, set, ...(revision !== undefined && { revision }) })));
  } catch (error) {
    throw error instanceof InstallError ? new StartupError(error.message, { cause: error }) : error;
  }
}
