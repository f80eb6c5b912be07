import { KubeApiError } from '../../kubernetes/kube-api-error.ts';
import { delay } from '../../lib/clock.ts';
import { InstallError } from '../install-error.ts';
import type { KubeObject } from '../kube-object.ts';
import { readObject } from './apply-object.ts';
import type { InstallContext } from './install.ts';
import { nameOf, objectPath } from './kube-path.ts';
import { describeRemoval } from './removal-state.ts';

const lookEveryMs = 200;
const firstReminderMs = 5_000;

/**
 * Waits until an object whose removal was asked for is gone. Rejects with what keeps it where it is there at `deadline`, in
 * milliseconds of the clock.
 */
export async function untilGone(object: Pick<KubeObject, 'apiVersion' | 'kind' | 'metadata'>, deadline: number, context: InstallContext) {
  const { client, clock, signal } = context;
  const path = objectPath(object);
  let patienceMs = firstReminderMs;
  let remindAt = clock.now() + patienceMs;
  while (!signal.aborted) {
    const live = await readObject(client, path, signal);
    if (live === undefined) return;
    if (clock.now() >= deadline) throw new InstallError(`${nameOf(object)} is still there: ${describeRemoval(live)}`);
    if (object.kind === 'CustomResourceDefinition' && clock.now() >= remindAt) {
      await remind(path, context);
      patienceMs *= 2;
      remindAt = clock.now() + patienceMs;
    }
    await delay(clock, lookEveryMs, signal);
  }
}

/**
 * An API server that fails to remove the objects of a definition tries again at once; where it then sees the definition as it was
 * before its own last write, it gives up until the definition changes or five minutes have passed. It fails at the first attempt
 * where nobody has listed these objects before ("storage is (re)initializing"). So the definition is changed.
 */
async function remind(path: string, { client, clock, signal }: InstallContext): Promise<void> {
  const annotations = { 'install.coxswain.io/waiting-for-removal': new Date(clock.now()).toISOString() };
  try {
    await client.request({
      method: 'PATCH',
      path,
      contentType: 'application/merge-patch+json',
      body: { metadata: { annotations } },
      signal,
    });
  } catch (error) {
    // gone meanwhile, or just changed by the one that was to be reminded
    if (!(error instanceof KubeApiError && (error.status === 404 || error.status === 409))) throw error;
  }
}
