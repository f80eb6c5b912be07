import type { ConfigSink, ConfigSource } from '../../config/config-source.ts';
import { configIssueCodes } from '../../config/issue-codes.ts';
import { KubernetesSource } from '../../config/kubernetes/kubernetes-source.ts';
import { remoteWatchedKinds } from '../../config/kubernetes/watched-kinds.ts';
import type { KubeClient } from '../../kubernetes/kube-client.ts';
import type { ListWatchStatus } from '../../kubernetes/list-watch/list-watch-status.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Issue } from '../../model/issue.ts';
import { parseObject } from '../../schema/parse-object.ts';

export interface RemoteSourceOptions {
  readonly clusterId: string;
  /** Rejects in one sentence where the kubeconfig cannot be used. */
  readonly connect: () => Promise<KubeClient>;
  /** Told of what is wrong with the cluster, by keys of its own; an empty list: nothing any more. */
  readonly report: (key: string, issues: readonly Issue[]) => void;
  readonly clock: Clock;
  readonly random: () => number;
}

/** The objects of a further cluster, once its kubeconfig is understood; what is wrong there is told under the name of the cluster. */
export class RemoteSource implements ConfigSource {
  readonly name: string;
  /** Why the cluster cannot be used at all: time does not heal it. */
  failure: string | undefined;
  private readonly options: RemoteSourceOptions;
  private readonly reported = new Set<string>();
  private client: KubeClient | undefined;
  private source: KubernetesSource | undefined;

  constructor(options: RemoteSourceOptions) {
    this.name = options.clusterId;
    this.options = options;
  }

  /** Resolves when everything was read once, when the signal aborts, or when the kubeconfig turns out to be of no use. */
  async start(sink: ConfigSink, signal: AbortSignal): Promise<void> {
    const { clusterId, connect, clock, random } = this.options;
    try {
      this.client = await connect();
    } catch (error) {
      this.failure = error instanceof Error ? error.message : String(error);
      this.tell('kubeconfig', [{ code: configIssueCodes.remoteCluster, severity: 'error', message: this.failure }]);
      return;
    }
    this.source = new KubernetesSource({
      name: clusterId,
      client: this.client,
      kinds: remoteWatchedKinds(),
      parseObject,
      clock,
      random,
    });
    const apply: ConfigSink['apply'] = ({ issues, ...update }) => {
      if (signal.aborted) return;
      for (const [key, list] of issues ?? []) this.tell(key, list);
      sink.apply(update);
    };
    if (!signal.aborted) await this.source.start({ apply }, signal);
  }

  hasSynced(): boolean {
    return this.source?.hasSynced() === true;
  }

  positionOf(): undefined {
    return undefined;
  }

  /** URL of the API server; empty where the kubeconfig says none. */
  server(): string {
    return this.client?.server ?? '';
  }

  watches(): readonly ListWatchStatus[] {
    return this.source?.watches() ?? [];
  }

  /** Says that nothing is wrong with it any more: it is gone. */
  forget(): void {
    for (const key of this.reported) this.tell(key, []);
  }

  private tell(key: string, issues: readonly Issue[]): void {
    const { clusterId, report } = this.options;
    if (issues.length > 0) this.reported.add(key);
    report(
      `${clusterId}\n${key}`,
      issues.map((issue) => ({ ...issue, message: `cluster ${clusterId}: ${issue.message}` })),
    );
  }
}
