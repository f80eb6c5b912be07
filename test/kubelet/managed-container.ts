import { join } from 'node:path';
import { containerEnv, expand } from './container-env.ts';
import { type ContainerExit, ContainerProcess } from './container-process.ts';
import type { Container, SecurityContext } from './kube-objects.ts';
import type { PodRuntime } from './pod-runtime.ts';
import { act, eager, pause, runProbe } from './probe.ts';
import { imageOf } from './test-image.ts';

export type ContainerState =
  | { readonly waiting: { readonly reason: string; readonly message?: string } }
  | { readonly running: { readonly startedAt: string } }
  | {
      readonly terminated: { readonly exitCode: number; readonly reason: string; readonly startedAt: string; readonly finishedAt: string };
    };

/** Before the second restart in a row; doubles up to the last one. A real kubelet takes 10 s and 5 min. */
const backOffMs = { first: 250, last: 10_000 };

/** One container of a pod over all its runs. */
export class ManagedContainer {
  readonly spec: Container;
  state: ContainerState = { waiting: { reason: 'PodInitializing' } };
  lastState: ContainerState | undefined;
  restarts = -1;
  isReady = false;
  isStarted = false;
  /** Says whenever any of the above changed. */
  private readonly changed: () => void;
  private readonly runtime: PodRuntime;
  private readonly stopping = new AbortController();
  private process: ContainerProcess | undefined;

  constructor(spec: Container, runtime: PodRuntime, changed: () => void) {
    this.spec = spec;
    this.runtime = runtime;
    this.changed = changed;
  }

  get pid(): number | undefined {
    return this.process?.pid;
  }

  /** Runs it until it need not run again by this policy, or is stopped. */
  async run(policy: 'Always' | 'OnFailure' | 'Never'): Promise<ContainerExit | undefined> {
    const { signal } = this.stopping;
    let wait = backOffMs.first;
    while (!signal.aborted) {
      const began = Date.now();
      const exit = await this.once();
      if (exit && (policy === 'Never' || (policy === 'OnFailure' && exit.code === 0))) return exit;
      if (signal.aborted) return exit;
      wait = Date.now() - began > backOffMs.last ? backOffMs.first : Math.min(wait * 2, backOffMs.last);
      if (exit) this.become({ waiting: { reason: 'CrashLoopBackOff', message: `it ended with ${exit.code}` } });
      await pause(wait, signal);
    }
    return undefined;
  }

  /** Resolves once its startup probe has succeeded, or it has been stopped. */
  async untilStarted(): Promise<void> {
    while (!this.isStarted && !this.stopping.signal.aborted) await pause(20, this.stopping.signal);
  }

  signal(signal: NodeJS.Signals): void {
    this.process?.signal(signal);
  }

  /** The hook, SIGTERM, and SIGKILL when the time is over. */
  async stop(graceMs: number): Promise<void> {
    this.stopping.abort();
    const { process } = this;
    if (!process) return;
    const insist = setTimeout(() => process.signal('SIGKILL'), graceMs);
    const { preStop } = this.spec.lifecycle ?? {};
    if (preStop) {
      const gone = new AbortController();
      void process.exited.then(() => gone.abort());
      if (preStop.sleep) await pause(Math.min(preStop.sleep.seconds * 1000, graceMs), gone.signal);
      else await act(preStop, this.target(process), graceMs);
    }
    process.signal('SIGTERM');
    // a process that is stopped would not notice
    process.signal('SIGCONT');
    await process.exited;
    clearTimeout(insist);
  }

  /** Undefined where it could not even be started. */
  private async once(): Promise<ContainerExit | undefined> {
    let process: ContainerProcess;
    try {
      process = this.launch();
    } catch (error) {
      this.become({ waiting: { reason: 'CreateContainerConfigError', message: (error as Error).message } });
      return undefined;
    }
    this.process = process;
    this.restarts++;
    const startedAt = new Date().toISOString();
    this.become({ running: { startedAt } });
    const ended = new AbortController();
    void this.probe(process, ended.signal);
    const exit = await process.exited;
    ended.abort();
    this.process = undefined;
    this.isReady = false;
    this.isStarted = false;
    const reason = exit.code === 0 ? 'Completed' : 'Error';
    this.become({ terminated: { exitCode: exit.code, reason, startedAt, finishedAt: new Date().toISOString() } });
    return exit;
  }

  private launch(): ContainerProcess {
    const { spec, runtime } = this;
    const image = imageOf(runtime.images, spec.image);
    if (!image) throw new Error(`no program stands for the image ${spec.image}`);
    const volumes = runtime.mountsOf(spec);
    const env = { ...runtime.apiServerEnv(), ...image.env, ...containerEnv(runtime.pod, spec, runtime.place, runtime.sources) };
    const words = [...(spec.command ?? image.entrypoint), ...(spec.args ?? (spec.command ? [] : (image.arguments ?? [])))];
    const files = Object.entries(image.files ?? {}).map(([target, source]) => ({ source, target, isReadOnly: true }));
    return new ContainerProcess({
      launcher: runtime.launcher,
      directory: join(runtime.directory, 'roots', `${spec.name}-${this.restarts + 1}`),
      logFile: join(runtime.directory, `${spec.name}.log`),
      command: words.map((word) => expand(word, env)),
      env,
      workingDirectory: spec.workingDir ?? '/',
      mounts: [...volumes, ...files],
      isReadOnly: spec.securityContext?.readOnlyRootFilesystem ?? false,
      user: userOf({ ...runtime.pod.spec.securityContext, ...spec.securityContext }),
    });
  }

  private async probe(process: ContainerProcess, signal: AbortSignal): Promise<void> {
    const { startupProbe, readinessProbe, livenessProbe } = this.spec;
    const target = this.target(process);
    const fail = () => process.signal('SIGKILL');
    if (startupProbe) await untilFirst((verdict, done) => runProbe(eager(startupProbe), target, verdict, done), fail, signal);
    if (signal.aborted) return;
    this.isStarted = true;
    if (livenessProbe) void runProbe(livenessProbe, target, (isGood) => isGood || fail(), signal);
    if (!readinessProbe) return this.becomeReady(true);
    this.changed();
    await untilFirst(
      (verdict, done) => runProbe(eager(readinessProbe), target, verdict, done),
      () => {},
      signal,
    );
    if (signal.aborted) return;
    this.becomeReady(true);
    void runProbe(readinessProbe, target, (isGood) => this.becomeReady(isGood), signal);
  }

  private target(process: ContainerProcess) {
    return {
      address: this.runtime.place.podIP,
      container: this.spec,
      exec: (command: readonly string[], timeoutMs: number) => process.exec(command, timeoutMs),
    };
  }

  private becomeReady(isReady: boolean): void {
    this.isReady = isReady;
    this.changed();
  }

  private become(state: ContainerState): void {
    if ('terminated' in this.state) this.lastState = this.state;
    this.state = state;
    this.changed();
  }
}

/** Resolves at the first good verdict; a bad one is handed on. */
async function untilFirst(
  run: (verdict: (isGood: boolean) => void, signal: AbortSignal) => Promise<void>,
  failed: () => void,
  signal: AbortSignal,
): Promise<void> {
  const done = new AbortController();
  const either = AbortSignal.any([signal, done.signal]);
  await run((isGood) => (isGood ? done.abort() : failed()), either);
}

function userOf({ runAsUser, runAsGroup }: SecurityContext): { readonly uid: number; readonly gid: number } | undefined {
  return runAsUser === undefined || runAsUser === 0 ? undefined : { uid: runAsUser, gid: runAsGroup ?? runAsUser };
}
