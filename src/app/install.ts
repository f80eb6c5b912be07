import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ClusterOptions, InstallOptions, UninstallOptions } from '../cli/roles.ts';
import { type InstallContext, install as installInto } from '../install/apply/install.ts';
import { uninstall as uninstallFrom } from '../install/apply/uninstall.ts';
import { buildManifest } from '../install/manifest.ts';
import { connectKube } from '../kubernetes/connect-kube.ts';
import { KubeApiError } from '../kubernetes/kube-api-error.ts';
import { systemClock } from '../lib/clock.ts';
import { asStartupError, describedInstallation } from './manifest.ts';
import { endWithSentence, StartupError } from './startup-error.ts';
import { untilToldToStop } from './until-told-to-stop.ts';

/** Installs what the flags describe; each step is told on standard output. */
export async function install(options: InstallOptions): Promise<void> {
  await inCluster(options, async (context) => {
    const { installation, owner } = await describedInstallation(options);
    const revision = String(installation.values['revision']) || 'default';
    const manifest = buildManifest(installation);
    await installInto({ manifest, revision, owner, timeoutMs: options.readinessTimeout }, context);
  });
}

/** Removes what `install` made. */
export async function uninstall(options: UninstallOptions): Promise<void> {
  const { revision = 'default', purge, readinessTimeout: timeoutMs } = options;
  await inCluster(options, (context) => uninstallFrom({ ...(!purge && { revision }), purge, timeoutMs }, context));
}

async function inCluster(options: ClusterOptions, work: (context: InstallContext) => Promise<void>): Promise<void> {
  const stop = untilToldToStop(false);
  const { kubeconfig = process.env['KUBECONFIG'] || join(homedir(), '.kube/config'), context, dryRun } = options;
  try {
    const files = kubeconfig.split(':').filter((file) => file !== '');
    const client = await connectKube({ kind: 'kubeconfig', files, ...(context !== undefined && { context }) });
    const tell = (line: string) => process.stdout.write(`${line}\n`);
    await work({ client, clock: systemClock, signal: stop.signal, tell, dryRun }).catch(asStartupError);
  } catch (error) {
    endWithSentence(error instanceof StartupError ? error : new StartupError(sentenceOf(error, kubeconfig), { cause: error }));
  }
  process.exit(stop.signal.aborted ? 1 : 0);
}

function sentenceOf(error: unknown, kubeconfig: string): string {
  if (error instanceof KubeApiError) return `the API server refuses: ${error.message}`;
  return `cannot use the cluster of ${kubeconfig}: ${error instanceof Error ? error.message : String(error)}`;
}
