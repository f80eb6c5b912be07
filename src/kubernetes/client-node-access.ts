import type { RequestOptions } from 'node:https';
import { type Cluster, KubeConfig } from '@kubernetes/client-node';
import type { KubeAccess, KubeCredentials, KubeTarget } from './kube-access.ts';
import { forbiddenFields } from './untrusted-kubeconfig.ts';

/**
 * Kubeconfigs, service accounts, exec plugins and OIDC as the official client understands them. Throws an error in one
 * sentence where the configuration cannot be used. Large to load: import it when a cluster is used, never before.
 */
export function clientNodeAccess(target: KubeTarget): KubeAccess {
  let config = load(target);
  let isRefused = false;
  return {
    server: currentCluster(config).server.replace(/\/+$/, ''),
    async credentials() {
      if (isRefused) config = load(target);
      isRefused = false;
      return await credentialsOf(config);
    },
    refused() {
      isRefused = true;
    },
  };
}

function load(target: KubeTarget): KubeConfig {
  const config = new KubeConfig();
  if (target.kind === 'in-cluster') config.loadFromCluster();
  else if (target.kind === 'inline') config.loadFromString(refuseOwnMachine(target));
  else loadFiles(config, target.files);
  if (target.kind !== 'in-cluster' && target.context !== undefined) useContext(config, target.context);
  currentCluster(config);
  return config;
}

/** The first file to state something counts, as with kubectl. */
function loadFiles(config: KubeConfig, files: readonly string[]): void {
  const [first, ...rest] = files;
  if (first === undefined) throw new Error('no kubeconfig is named');
  config.loadFromFile(first);
  for (const file of rest) {
    const next = new KubeConfig();
    next.loadFromFile(file);
    config.mergeConfig(next, true);
  }
}

function useContext(config: KubeConfig, context: string): void {
  const known = config.getContexts().map(({ name }) => name);
  if (!known.includes(context)) throw new Error(`the kubeconfig has no context "${context}"; it has ${known.join(', ') || 'none'}`);
  config.setCurrentContext(context);
}

function currentCluster(config: KubeConfig): Cluster {
  const cluster = config.getCurrentCluster();
  if (cluster) return cluster;
  const context = config.getCurrentContext();
  throw new Error(context ? `the context "${context}" names no cluster of the kubeconfig` : 'the kubeconfig has no current context');
}

/** Before it is loaded: loading alone reads the files that it names. */
function refuseOwnMachine({ text, allowed = new Set() }: Extract<KubeTarget, { kind: 'inline' }>): string {
  const named = forbiddenFields(text, allowed);
  if (named.length > 0) throw new Error(`the kubeconfig uses ${named.join(', ')}, which is not allowed here; put the data itself into it`);
  return text;
}

async function credentialsOf(config: KubeConfig): Promise<KubeCredentials> {
  const options: RequestOptions = {};
  const isPlain = currentCluster(config).server.startsWith('http:');
  await (isPlain ? plainly(config) : config).applyToHTTPSOptions(options);
  const headers: Record<string, string> = {};
  const stated: Readonly<Record<string, unknown>> = { ...(options.headers as object | undefined) };
  for (const [name, value] of Object.entries(stated)) headers[name] = String(value).trim();
  if (typeof options.auth === 'string') headers['Authorization'] = `Basic ${Buffer.from(options.auth).toString('base64')}`;
  const { agent } = options;
  const isProxied = currentCluster(config).proxyUrl !== undefined && typeof agent === 'object';
  return { headers, tls: tlsOf(options), ...(isProxied ? { proxy: agent as NonNullable<KubeCredentials['proxy']> } : {}) };
}

/** The client refuses http:// unless TLS is declared unimportant; kubectl speaks it where it is written. */
function plainly(config: KubeConfig): KubeConfig {
  for (const cluster of config.clusters) Object.assign(cluster, { skipTLSVerify: true });
  return config;
}

function tlsOf({ ca, cert, key, servername, rejectUnauthorized }: RequestOptions): KubeCredentials['tls'] {
  return {
    ...(ca === undefined ? {} : { ca: ca as string | Buffer }),
    ...(cert === undefined ? {} : { cert: cert as string | Buffer }),
    ...(key === undefined ? {} : { key: key as string | Buffer }),
    ...(servername === undefined ? {} : { servername }),
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
  };
}
