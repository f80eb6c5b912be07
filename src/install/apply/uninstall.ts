import type { InstallContext } from './install.ts';
import { nameOf, objectPath, sharedKinds } from './kube-path.ts';
import { sharedKey } from './ownership.ts';
import { findLabelled, findOwned, remove, removeObjects } from './remove-objects.ts';
import { untilGone } from './until-gone.ts';

export interface UninstallRequest {
  /** Undefined: every revision. */
  readonly revision?: string;
  /** Also the definitions of kinds, and with them every object of these kinds, and the namespace that the installation made. */
  readonly purge: boolean;
  /** Milliseconds until everything must be gone. */
  readonly timeoutMs: number;
}

/** Removes what `install` made; webhooks first, so that nothing is refused by a control plane that is gone. May be repeated. */
export async function uninstall({ revision, purge, timeoutMs }: UninstallRequest, context: InstallContext): Promise<void> {
  const { tell, dryRun, clock } = context;
  const deadline = clock.now() + timeoutMs;
  const found = await findOwned(context, revision === undefined ? {} : { revision });
  await removeObjects(found, context);
  const shared = purge ? await findLabelled(context, sharedKinds, sharedKey) : [];
  for (const object of shared) {
    await remove(context.client, objectPath(object), context);
    tell(`${nameOf(object)} ${dryRun ? 'would be ' : ''}removed`);
  }
  if (found.length + shared.length === 0) tell('nothing is installed');
  else if (dryRun) tell('nothing was changed: this was a dry run');
  else for (const object of [...found, ...shared]) await untilGone(object, deadline, context);
}
