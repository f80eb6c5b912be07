import { KubeApiError } from '../../kubernetes/kube-api-error.ts';
import type { KubeClient } from '../../kubernetes/kube-client.ts';
import { type Clock, delay } from '../../lib/clock.ts';
import { InstallError } from '../install-error.ts';
import type { KubeObject } from '../kube-object.ts';
import type { Manifest } from '../manifest.ts';
import { applyObject, readObject } from './apply-object.ts';
import { nameOf, objectPath } from './kube-path.ts';
import { type Owner, owned, sharedKey, withLabels } from './ownership.ts';
import { definitionReadiness, deploymentReadiness, type Readiness } from './readiness.ts';
import { findOwned, removeObjects } from './remove-objects.ts';

export interface InstallContext {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told every step, one line each. */
  readonly tell: (line: string) => void;
  /** The API server checks everything and keeps nothing. */
  readonly dryRun: boolean;
}

export interface InstallRequest extends Owner {
  readonly manifest: Manifest;
  /** Milliseconds until everything must be ready. */
  readonly timeoutMs: number;
}

/** Applies a manifest, waits until it works, and removes what this installation made before and no longer lists. May be repeated. */
export async function install(request: InstallRequest, context: InstallContext): Promise<void> {
  const { manifest, revision, owner, timeoutMs } = request;
  const { clock, tell, dryRun } = context;
  const deadline = clock.now() + timeoutMs;
  const definitions = manifest.crds.map((crd) => withLabels(crd, { [sharedKey]: 'true' }));
  await applyAll(definitions, context);
  if (!dryRun) for (const definition of definitions) await untilReady(definition, definitionReadiness, deadline, context);
  for (const namespace of manifest.namespaces) await ensureNamespace(namespace, context);
  const objects = manifest.objects.map((object) => owned(object, { revision, owner }));
  await applyAll(objects, context);
  const listed = new Set(objects.map(objectPath));
  const stale = (await findOwned(context, { revision, owner })).filter((object) => !listed.has(objectPath(object)));
  await removeObjects(stale, context);
  if (dryRun) {
    tell('nothing was changed: this was a dry run');
    return;
  }
  for (const object of objects) if (object.kind === 'Deployment') await untilReady(object, deploymentReadiness, deadline, context);
  tell(`installed: ${definitions.length + objects.length} objects`);
}

/** A namespace that is there stays as it is, but for what the manifest says of it; it is not ours to remove. */
async function ensureNamespace(namespace: KubeObject, context: InstallContext): Promise<void> {
  const isThere = await readObject(context.client, objectPath(namespace), context.signal);
  const isOurs = isThere === undefined || isThere.metadata.labels?.[sharedKey] !== undefined;
  if (isThere && !namespace.metadata.labels) return;
  await applyAll([isOurs ? withLabels(namespace, { [sharedKey]: 'true' }) : namespace], context);
}

async function applyAll(objects: readonly KubeObject[], context: InstallContext): Promise<void> {
  const { client, signal, tell, dryRun } = context;
  for (const object of objects) {
    const outcome = await applyObject(client, object, { dryRun, signal }).catch((error: unknown) => {
      if (dryRun && isMissingNamespace(error)) return { type: 'created' } as const;
      throw refused(object, error);
    });
    const paths = outcome.type === 'changed' ? `: ${shortList(outcome.paths)}` : '';
    if (outcome.type !== 'unchanged' || dryRun) tell(`${nameOf(object)} ${dryRun ? 'would be ' : ''}${outcome.type}${paths}`);
  }
}

const namedAtMost = 5;

function shortList(paths: readonly string[]): string {
  const more = paths.length - namedAtMost;
  return [...paths.slice(0, namedAtMost), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

/** A dry run cannot make the namespace that the rest would go into. */
function isMissingNamespace(error: unknown): boolean {
  return error instanceof KubeApiError && error.status === 404 && error.message.includes('namespaces');
}

function refused(object: KubeObject, error: unknown): unknown {
  return error instanceof KubeApiError ? new InstallError(`${nameOf(object)}: ${error.message}`) : error;
}

const lookEveryMs = 500;
const sayEveryMs = 10_000;

async function untilReady(
  object: KubeObject,
  readinessOf: (object: KubeObject) => Readiness,
  deadline: number,
  { client, clock, signal, tell }: InstallContext,
): Promise<void> {
  let saidAt = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    const live = await readObject(client, objectPath(object), signal);
    const readiness: Readiness = live ? readinessOf(live) : { ready: false, why: 'is gone' };
    if (readiness.ready) {
      if (object.kind === 'Deployment') tell(`${nameOf(object)} is ready`);
      return;
    }
    if (clock.now() >= deadline) throw new InstallError(`${nameOf(object)} is not ready in time: ${readiness.why}`);
    if (clock.now() - saidAt >= sayEveryMs && object.kind === 'Deployment') {
      tell(`waiting for ${nameOf(object)}: ${readiness.why}`);
      saidAt = clock.now();
    }
    await delay(clock, lookEveryMs, signal);
  }
}
