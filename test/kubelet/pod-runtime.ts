import { closeSync, constants, ftruncateSync, openSync, writeSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PodSources } from './container-env.ts';
import type { BindMount } from './container-process.ts';
import type { Container, Pod, Volume } from './kube-objects.ts';
import type { NetworkSandbox } from './network-sandbox.ts';
import type { PodPlace } from './pod-fields.ts';
import { type IssueToken, prepareVolume, renewalOf } from './pod-volumes.ts';
import type { TestImages } from './test-image.ts';

export interface PodRuntimeOptions {
  readonly pod: Pod;
  readonly sandbox: NetworkSandbox;
  /** Of this pod alone. */
  readonly directory: string;
  readonly images: TestImages;
  readonly sources: PodSources;
  readonly issueToken: IssueToken;
  readonly node: { readonly name: string; readonly address: string };
  /** Where `kubernetes.default` is. */
  readonly apiServer: string;
  readonly hosts: () => string;
}

/** What the containers of one pod share: its network, its volumes, its names. */
export class PodRuntime {
  readonly pod: Pod;
  readonly place: PodPlace;
  readonly directory: string;
  readonly images: TestImages;
  readonly sources: PodSources;
  private readonly options: PodRuntimeOptions;
  /** Whether its files have been written once. */
  isPrepared = false;
  private hostsText = '';
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(options: PodRuntimeOptions) {
    this.options = options;
    this.pod = options.pod;
    this.directory = options.directory;
    this.images = options.images;
    this.sources = options.sources;
    this.place = { podIP: options.sandbox.address, hostIP: options.node.address, nodeName: options.node.name };
  }

  get launcher(): readonly string[] {
    return this.options.sandbox.launcher;
  }

  /** Makes all volumes. Throws with a sentence while something that they need is not there. */
  async prepare(): Promise<void> {
    await mkdir(this.directory, { recursive: true });
    await writeFile(this.file('resolv.conf'), 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n');
    this.writeHosts();
    this.isPrepared = true;
    for (const volume of this.pod.spec.volumes ?? []) {
      await this.renew(volume);
      const ms = renewalOf(volume);
      if (ms !== undefined) this.timers.add(setInterval(() => void this.renew(volume).catch(() => {}), ms));
    }
  }

  /** In place, because containers have mounted this very file, and never empty. */
  writeHosts(): void {
    const own = `${this.place.podIP} ${this.pod.spec.hostname ?? this.pod.metadata.name}`;
    const text = `127.0.0.1 localhost\n${own}\n${this.options.hosts()}`;
    if (text === this.hostsText) return;
    this.hostsText = text;
    const file = openSync(this.file('hosts'), constants.O_CREAT | constants.O_WRONLY);
    ftruncateSync(file, writeSync(file, text));
    closeSync(file);
  }

  /** Writes anew the volumes that hold this object. */
  async objectChanged(kind: 'ConfigMap' | 'Secret', name: string): Promise<void> {
    const concerned = (this.pod.spec.volumes ?? []).filter((volume) => namesIn(volume, kind).includes(name));
    for (const volume of concerned) await this.renew(volume);
  }

  mountsOf(container: Container): readonly BindMount[] {
    const volumes = new Map((this.pod.spec.volumes ?? []).map((volume) => [volume.name, volume]));
    const mounts = (container.volumeMounts ?? []).map(({ name, mountPath, subPath = '', readOnly = false }) => {
      const volume = volumes.get(name);
      const isReadOnly = readOnly || !(volume?.emptyDir || volume?.hostPath);
      return { source: join(volume?.hostPath?.path ?? join(this.file('volumes'), name), subPath), target: mountPath, isReadOnly };
    });
    const names = ['hosts', 'resolv.conf'].map((name) => ({ source: this.file(name), target: `/etc/${name}`, isReadOnly: true }));
    return [...names, ...mounts];
  }

  /** What a client inside looks for to find the API server. */
  apiServerEnv(): Readonly<Record<string, string>> {
    return { KUBERNETES_SERVICE_HOST: this.options.apiServer, KUBERNETES_SERVICE_PORT: '443', KUBERNETES_SERVICE_PORT_HTTPS: '443' };
  }

  stop(): void {
    for (const timer of this.timers) clearInterval(timer);
  }

  private async renew(volume: Volume): Promise<void> {
    const { sources, issueToken } = this.options;
    await prepareVolume(volume, { pod: this.pod, place: this.place, sources, issueToken, directory: this.file('volumes') });
  }

  private file(name: string): string {
    return join(this.directory, name);
  }
}

function namesIn(volume: Volume, kind: 'ConfigMap' | 'Secret'): readonly string[] {
  const sources = [volume, ...(volume.projected?.sources ?? [])];
  return kind === 'ConfigMap'
    ? sources.flatMap(({ configMap }) => configMap?.name ?? [])
    : [
        ...sources.flatMap(({ secret }) => (secret && 'name' in secret ? secret.name : [])),
        ...(volume.secret ? [volume.secret.secretName] : []),
      ];
}
