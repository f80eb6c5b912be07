import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Files, writeAtomically } from './atomic-folder.ts';
import type { PodSources } from './container-env.ts';
import type { ConfigMap, NamedSource, Pod, ProjectedSource, Secret, Volume } from './kube-objects.ts';
import { downwardFile, type PodPlace } from './pod-fields.ts';

/** A token for the pod's service account; seconds. */
export type IssueToken = (audience: string | undefined, expirationSeconds: number) => Promise<string>;

export interface VolumeContext {
  readonly pod: Pod;
  readonly place: PodPlace;
  readonly sources: PodSources;
  readonly issueToken: IssueToken;
  /** Where the pod's volumes lie on this machine. */
  readonly directory: string;
}

const defaultTokenSeconds = 3600;

/** Makes or renews one volume and returns where it lies. Throws with a sentence where something it needs is not there. */
export async function prepareVolume(volume: Volume, context: VolumeContext): Promise<string> {
  const path = join(context.directory, volume.name);
  if (volume.hostPath) return volume.hostPath.path;
  if (volume.emptyDir) {
    await mkdir(path, { recursive: true });
    await chmod(path, 0o777);
    return path;
  }
  await writeAtomically(path, await filesOf(volume, context));
  return path;
}

/** When its token must be renewed, in milliseconds from now: at four fifths of its life. Undefined: never. */
export function renewalOf(volume: Volume): number | undefined {
  const tokens = (volume.projected?.sources ?? []).flatMap(({ serviceAccountToken }) => serviceAccountToken ?? []);
  const lives = tokens.map(({ expirationSeconds = defaultTokenSeconds }) => expirationSeconds);
  return lives.length === 0 ? undefined : Math.min(...lives) * 800;
}

async function filesOf(volume: Volume, context: VolumeContext): Promise<Files> {
  const { configMap, secret, downwardAPI, projected } = volume;
  if (projected) return merge(await Promise.all((projected.sources ?? []).map((source) => projectedFiles(source, context))));
  if (configMap || downwardAPI) return projectedFiles({ ...(configMap && { configMap }), ...(downwardAPI && { downwardAPI }) }, context);
  if (secret) return projectedFiles({ secret: { ...secret, name: secret.secretName } }, context);
  throw new Error(`volume ${volume.name} is of a kind that this node agent does not know`);
}

async function projectedFiles(source: ProjectedSource, { pod, place, sources, issueToken }: VolumeContext): Promise<Files> {
  const { serviceAccountToken, configMap, secret, downwardAPI } = source;
  if (serviceAccountToken) {
    const { audience, expirationSeconds = defaultTokenSeconds, path } = serviceAccountToken;
    return new Map([[path, await issueToken(audience, expirationSeconds)]]);
  }
  if (configMap) return chosen(configMap, 'ConfigMap', contentOfConfigMap(sources.configMap(configMap.name)));
  if (secret) return chosen(secret, 'Secret', contentOfSecret(sources.secret(secret.name)));
  return new Map((downwardAPI?.items ?? []).map((item) => [item.path, downwardFile(pod, place, item)]));
}

function chosen({ name, items, optional }: NamedSource, kind: string, content: Files | undefined): Files {
  if (!content) {
    if (optional) return new Map();
    throw new Error(`${kind} ${name} is not there`);
  }
  if (!items) return content;
  return new Map(
    items.flatMap(({ key, path }) => {
      const value = content.get(key);
      if (value === undefined && !optional) throw new Error(`${kind} ${name} has no key ${key}`);
      return value === undefined ? [] : [[path, value] as const];
    }),
  );
}

function contentOfConfigMap(object: ConfigMap | undefined): Files | undefined {
  return object && new Map<string, string | Buffer>([...Object.entries(object.data ?? {}), ...decoded(object.binaryData)]);
}

function contentOfSecret(object: Secret | undefined): Files | undefined {
  return object && new Map(decoded(object.data));
}

function decoded(data: Readonly<Record<string, string>> = {}): readonly (readonly [string, Buffer])[] {
  return Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64')]);
}

function merge(parts: readonly Files[]): Files {
  return new Map(parts.flatMap((part) => [...part]));
}
