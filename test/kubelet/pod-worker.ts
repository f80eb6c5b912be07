import type { KubeAnswer, KubeHttp } from '../harness/servers/kube-http.ts';
import type { Pod } from './kube-objects.ts';
import { ManagedContainer } from './managed-container.ts';
import type { NetworkSandbox } from './network-sandbox.ts';
import { PodRuntime, type PodRuntimeOptions } from './pod-runtime.ts';
import { type PodCondition, type PodView, podStatusOf } from './pod-status.ts';
import { pause } from './probe.ts';

export interface PodWorkerOptions extends PodRuntimeOptions {
  readonly http: KubeHttp;
}

const retryMs = 250;
const defaultGraceSeconds = 30;

/** Runs one pod from when it was bound to this node until it is gone. */
export class PodWorker {
  readonly init: readonly ManagedContainer[];
  readonly containers: readonly ManagedContainer[];
  readonly runtime: PodRuntime;
  readonly sandbox: NetworkSandbox;
  private readonly http: KubeHttp;
  private readonly pod: Pod;
  private readonly path: string;
  private readonly stopping = new AbortController();
  private readonly startTime = new Date().toISOString();
  private phase: PodView['phase'] = 'Pending';
  private isInitialized = false;
  private message: string | undefined;
  private conditions: readonly PodCondition[] = [];
  private isDirty = false;
  private isDown = false;
  private reporting: Promise<void> | undefined;
  private running: Promise<void> = Promise.resolve();
  private ending: Promise<void> | undefined;

  constructor(options: PodWorkerOptions) {
    this.http = options.http;
    this.pod = options.pod;
    this.sandbox = options.sandbox;
    this.runtime = new PodRuntime(options);
    const { metadata, spec } = options.pod;
    this.path = `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`;
    const changed = () => this.report();
    this.init = (spec.initContainers ?? []).map((container) => new ManagedContainer(container, this.runtime, changed));
    this.containers = spec.containers.map((container) => new ManagedContainer(container, this.runtime, changed));
  }

  start(): void {
    this.running = this.run();
  }

  /** Ends its containers in their order, then the pod: once the API server has been told, it is gone there too. */
  end(graceSeconds = this.pod.spec.terminationGracePeriodSeconds ?? defaultGraceSeconds): Promise<void> {
    this.ending ??= this.shutDown(graceSeconds * 1000);
    return this.ending;
  }

  /** At once, and nobody is told. */
  async destroy(): Promise<void> {
    this.isDown = true;
    this.stopping.abort();
    this.ending ??= this.running;
    await Promise.all([...this.init, ...this.containers].map((container) => container.stop(0)));
    await this.running;
    this.runtime.stop();
    await this.sandbox.destroy();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    this.report();
    await this.prepare();
    for (const container of this.init) {
      if (signal.aborted) return;
      if (!(await this.initialize(container))) return;
    }
    if (signal.aborted) return;
    this.isInitialized = true;
    this.become('Running');
    const { restartPolicy = 'Always' } = this.pod.spec;
    const exits = await Promise.all(this.containers.map((container) => container.run(restartPolicy)));
    if (!signal.aborted) this.become(exits.every((exit) => exit?.code === 0) ? 'Succeeded' : 'Failed');
  }

  /** False where it failed for good. */
  private async initialize(container: ManagedContainer): Promise<boolean> {
    if (container.spec.restartPolicy === 'Always') {
      void container.run('Always');
      await container.untilStarted();
      return true;
    }
    const policy = this.pod.spec.restartPolicy === 'Never' ? 'Never' : 'OnFailure';
    const exit = await container.run(policy);
    if (exit?.code === 0) container.isReady = true;
    else if (!this.stopping.signal.aborted) this.become('Failed');
    return exit?.code === 0;
  }

  /** Waits for what volumes need. */
  private async prepare(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        await this.runtime.prepare();
        this.message = undefined;
        return;
      } catch (error) {
        this.message = (error as Error).message;
        this.report();
        await pause(retryMs, signal);
      }
    }
  }

  private async shutDown(graceMs: number): Promise<void> {
    this.stopping.abort();
    const end = Date.now() + graceMs;
    const left = () => Math.max(0, end - Date.now());
    await Promise.all(this.containers.map((container) => container.stop(left())));
    // sidecars outlive what they serve
    for (const container of [...this.init].reverse()) await container.stop(left());
    await this.running;
    await this.reporting;
    this.runtime.stop();
    await this.sandbox.destroy();
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', gracePeriodSeconds: 0, preconditions: { uid: this.pod.metadata.uid } };
    await this.insist(() => this.http.call(this.path, { method: 'DELETE', body }));
  }

  private become(phase: PodView['phase']): void {
    this.phase = phase;
    this.report();
  }

  /** Tells the API server how it is: one patch at a time, the latest state. */
  private report(): void {
    this.isDirty = true;
    this.reporting ??= this.reportAll().finally(() => {
      this.reporting = undefined;
    });
  }

  private async reportAll(): Promise<void> {
    // what changes in one turn is one patch
    await Promise.resolve();
    while (this.isDirty) {
      this.isDirty = false;
      const { init, containers, startTime, isInitialized, phase, message } = this;
      const { place } = this.runtime;
      const status = podStatusOf({ init, containers, place, startTime, isInitialized, phase, message, before: this.conditions });
      this.conditions = status.conditions;
      const body = { metadata: { uid: this.pod.metadata.uid }, status };
      const contentType = 'application/merge-patch+json';
      await this.insist(() => this.http.call(`${this.path}/status`, { method: 'PATCH', contentType, body }));
    }
  }

  /** Until the API server takes it, or knows no such pod any more. */
  private async insist(call: () => Promise<KubeAnswer>): Promise<void> {
    while (!this.isDown) {
      const answer = await call().catch(() => undefined);
      const { status = 0, body } = answer ?? {};
      if (settled.has(status)) return;
      if (status !== 0 && status !== 429 && status < 500) throw new Error(`${this.path}: ${status} ${JSON.stringify(body)}`);
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  }
}

/** Done, or about a pod that is gone or another one by now. */
const settled = new Set([200, 201, 202, 404, 409]);
