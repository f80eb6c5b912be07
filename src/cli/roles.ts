import type { CallFields } from '../explain/read-call.ts';

/** What `coxswain serve` was told. */
export interface ServeOptions {
  /** Directories of YAML, watched recursively; the first wins where two define the same object. */
  readonly config?: readonly string[];
  /** Files as kubectl reads them, `:` between them. Unset: KUBECONFIG, else the cluster around us, where no directory is named. */
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Registries of services as URLs, in the order in which they count. */
  readonly registry?: readonly string[];
  readonly meshConfig?: string;
  readonly meshNetworks?: string;
  /** `HOST:PORT` of plaintext xDS; port 0 picks a free one. */
  readonly xdsAddress: string;
  readonly httpAddress: string;
  readonly monitoringAddress?: string;
  /** Of admission webhooks, for the cluster that is served; none is where it is not said. */
  readonly webhookAddress?: string;
  /** Ends when standard input does: a parent that goes takes us along. */
  readonly exitWithStdin: boolean;
  readonly logLevel: string;
}

/** What `coxswain proxy` was told. */
export interface ProxyOptions {
  readonly name: string;
  readonly namespace: string;
  readonly address: string;
  readonly xdsAddress: string;
  readonly serviceAccount: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly envoy?: string;
  readonly adminPort: number;
  readonly statusPort?: number;
  readonly statsPort?: number;
  readonly metricsPort?: number;
  readonly type: 'sidecar' | 'router';
  readonly concurrency: number;
  readonly logLevel: string;
  readonly exitWithStdin: boolean;
}

/** What `coxswain demo` (`npm start`) was told. */
export interface DemoOptions {
  readonly config?: string;
  readonly headless: boolean;
  /** Seconds after which the demo ends by itself. */
  readonly forSeconds?: number;
  /** Exit non-zero unless real requests flowed through real Envoys on every edge. */
  readonly expectTraffic: boolean;
  readonly envoy?: string;
  readonly requestsPerSecond: number;
}

/** What a command was told that asks a running control plane. */
export interface ShowOptions {
  /** `HOST:PORT`. */
  readonly httpAddress: string;
  readonly output: 'short' | 'json';
}

/** What `coxswain proxy-status` was told. */
export interface ShowProxiesOptions extends Omit<ShowOptions, 'httpAddress'> {
  readonly httpAddresses: readonly string[];
  /** `NAME.NAMESPACE`; absent: all. */
  readonly proxy?: string;
}

/** What `coxswain explain` was told. */
export interface ExplainOptions extends CallFields {
  /** Directories to look into; absent: a running control plane is asked. */
  readonly config?: readonly string[];
  readonly meshConfig?: string;
  readonly meshNetworks?: string;
  /** `HOST:PORT`. */
  readonly server?: string;
  /** `NAMESPACE/NAME` of who asks. */
  readonly from?: string;
  readonly gateway?: string;
  /** Whether the proxy of the receiver is looked at too. */
  readonly inbound: boolean;
  readonly all: boolean;
  readonly output: 'text' | 'json';
}

/** How an installation is described. */
export interface ManifestOptions {
  readonly set: readonly string[];
  /** Files of settings; later ones win, `--set` wins over all. */
  readonly filename: readonly string[];
  readonly revision?: string;
}

/** Which cluster is changed, and how. */
export interface ClusterOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly dryRun: boolean;
  /** Milliseconds. */
  readonly readinessTimeout: number;
}

export interface InstallOptions extends ManifestOptions, ClusterOptions {}

export interface UninstallOptions extends ClusterOptions {
  readonly revision?: string;
  readonly purge: boolean;
}

/** The roles of the program, handed to the commands by `main.ts` so that each loads only what it needs. */
export interface Roles {
  serve(options: ServeOptions): Promise<void>;
  proxy(options: ProxyOptions): Promise<void>;
  demo(options: DemoOptions): Promise<void>;
  showRegistries(options: ShowOptions): Promise<void>;
  showProxies(options: ShowProxiesOptions): Promise<void>;
  explain(options: ExplainOptions): Promise<void>;
  manifest(options: ManifestOptions): Promise<void>;
  install(options: InstallOptions): Promise<void>;
  uninstall(options: UninstallOptions): Promise<void>;
}
