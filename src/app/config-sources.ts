import { existsSync } from 'node:fs';
import type { ServeOptions } from '../cli/roles.ts';
import type { ConfigSource } from '../config/config-source.ts';
import { DirectorySource } from '../config/files/directory-source.ts';
import { MeshConfigFile } from '../config/files/mesh-config-file.ts';
import { KubernetesSource } from '../config/kubernetes/kubernetes-source.ts';
import { watchedKinds } from '../config/kubernetes/watched-kinds.ts';
import { connectKube } from '../kubernetes/connect-kube.ts';
import { gatedClient } from '../kubernetes/gated-client.ts';
import type { KubeTarget } from '../kubernetes/kube-access.ts';
import type { KubeClient } from '../kubernetes/kube-client.ts';
import { RequestGate } from '../kubernetes/list-watch/request-gate.ts';
import type { Clock } from '../lib/clock.ts';
import { parseDurationMs } from '../lib/duration.ts';
import { meshConfigMapName } from './control-plane.ts';
import { parseWithEffect } from './kinds-without-effect.ts';
import { StartupError } from './startup-error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where configuration comes from; of two that state the same object the first counts. */
export interface ConfigSources {
  readonly sources: readonly ConfigSource[];
  /** The cluster that we belong to, where there is one; its client keeps to the pauses that the source is asked for. */
  readonly cluster?: { readonly client: KubeClient; readonly source: KubernetesSource };
}

/** What of the options says where configuration comes from. */
export type SourceOptions = Pick<ServeOptions, 'config' | 'kubeconfig' | 'context' | 'registry' | 'meshConfig' | 'meshNetworks'>;

/** Files come before the cluster, so that a directory can override it. */
export async function configSources(options: SourceOptions, env: Environment, clock: Clock): Promise<ConfigSources> {
  const { config = [], meshConfig, meshNetworks } = options;
  const target = kubeTarget(options, env);
  if (!target && config.length === 0 && (options.registry ?? []).length === 0)
    throw new StartupError('nothing to serve: name a directory of YAML with --config, a cluster with --kubeconfig, or a --registry');
  const files: ConfigSource[] = meshConfig === undefined ? [] : [new MeshConfigFile({ path: meshConfig, clock })];
  if (meshNetworks !== undefined) files.push(new MeshConfigFile({ document: 'meshNetworks', path: meshNetworks, clock }));
  if (config.length > 0) files.push(new DirectorySource({ directories: config, parseObject: parseWithEffect, clock }));
  if (!target) return { sources: files };
  const client = await connect(target);
  const idleMs = parseDurationMs(env['COXSWAIN_WATCH_IDLE'] ?? '');
  const gate = new RequestGate(clock, Math.random);
  const source = new KubernetesSource({
    name: env['CLUSTER_ID'] ?? 'Kubernetes',
    client,
    gate,
    kinds: watchedKinds(env['ISTIOD_NAMESPACE'] ?? env['POD_NAMESPACE'] ?? 'istio-system', meshConfigMapName(env['REVISION'] ?? '')),
    parseObject: parseWithEffect,
    clock,
    random: Math.random,
    ...(idleMs === undefined ? {} : { idleMs }),
  });
  return { sources: [...files, source], cluster: { client: gatedClient(client, gate), source } };
}

/** What the environment says counts where nothing was named: a directory alone must not reach for somebody's cluster. */
export function kubeTarget({ config = [], kubeconfig, context }: SourceOptions, env: Environment): KubeTarget | undefined {
  const named = kubeconfig ?? (config.length === 0 ? env['KUBECONFIG'] : undefined);
  if (named !== undefined && named !== '') {
    const files = named.split(':').filter((file) => file !== '');
    return { kind: 'kubeconfig', files, ...(context === undefined ? {} : { context }) };
  }
  return config.length === 0 && env['KUBERNETES_SERVICE_HOST'] !== undefined ? { kind: 'in-cluster' } : undefined;
}

async function connect(target: KubeTarget): Promise<KubeClient> {
  if (target.kind === 'kubeconfig') {
    const missing = target.files.find((file) => !existsSync(file));
    if (missing !== undefined) throw new StartupError(`there is no kubeconfig ${missing}`);
  }
  const where = target.kind === 'kubeconfig' ? `the kubeconfig ${target.files.join(', ')}` : 'the service account of this pod';
  return connectKube(target).catch((error: unknown) => {
    throw new StartupError(`cannot use ${where}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  });
}
