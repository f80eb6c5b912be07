import { connectKube } from '../kubernetes/connect-kube.ts';
import type { Clock } from '../lib/clock.ts';
import { deepEqual } from '../lib/deep-equal.ts';
import { parseDurationMs } from '../lib/duration.ts';
import type { Logger } from '../lib/log.ts';
import { readFeatureFlags } from '../mesh/feature-flags.ts';
import { RemoteCluster } from '../registry/clusters/remote-cluster.ts';
import { RemoteClusters } from '../registry/clusters/remote-clusters.ts';
import type { ControlPlane } from './control-plane.ts';

export interface RemoteClustersSettings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The clusters that Secrets of the root namespace add to the mesh; Istio's variables set how. */
export function createRemoteClusters(plane: ControlPlane, { env, clock, log }: RemoteClustersSettings): RemoteClusters {
  const { engine, config, registries, remotePods } = plane;
  const allowed = new Set((env['PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS'] ?? '').split(',').map((option) => option.trim()));
  return new RemoteClusters({
    engine,
    clusterId: env['CLUSTER_ID'] ?? 'Kubernetes',
    rootNamespace: env['ISTIOD_NAMESPACE'] ?? env['POD_NAMESPACE'] ?? 'istio-system',
    secrets: config.table('Secret'),
    selectors: engine.derived((read) => read(config.meshConfig).discoverySelectors ?? [], deepEqual),
    registries,
    pods: remotePods,
    open: ({ id, kubeconfig }, report) =>
      new RemoteCluster({
        engine,
        clusterId: id,
        domainSuffix: env['DOMAIN_SUFFIX'] ?? 'cluster.local',
        meshConfig: config.meshConfig,
        meshNetworks: config.meshNetworks,
        isDualStack: readFeatureFlags(env).ISTIO_DUAL_STACK,
        connect: () => connectKube({ kind: 'inline', text: kubeconfig, allowed }),
        report,
        clock,
        random: Math.random,
      }),
    report: (key, issues) => config.report(key, issues),
    timeoutMs: parseDurationMs(env['PILOT_REMOTE_CLUSTER_TIMEOUT'] ?? '30s') ?? 30_000,
    clock,
    log,
  });
}
