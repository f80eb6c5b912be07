import type { ShowProxiesOptions } from '../cli/roles.ts';
import { typeUrls } from '../envoy/type-urls.ts';
import { textTable } from '../lib/text-table.ts';
import { compareText } from '../model/config-object.ts';
import { getJson } from './admin-client.ts';
import { endWithSentence, StartupError } from './startup-error.ts';

/** A proxy of `/debug/syncz`. Empty texts are left out there. */
export interface SyncStatus {
  readonly cluster_id?: string;
  readonly proxy?: string;
  readonly istio_version?: string;
  readonly resources?: Readonly<Record<string, { readonly sent?: string; readonly acked?: string; readonly lastError?: string }>>;
}

/** A proxy and the control plane that it is connected to. */
export interface ConnectedSync {
  readonly istiod: string;
  readonly status: SyncStatus;
}

/** The columns of istioctl, in its order. */
const columns = [
  ['CDS', typeUrls.CDS],
  ['LDS', typeUrls.LDS],
  ['EDS', typeUrls.EDS],
  ['RDS', typeUrls.RDS],
  ['ECDS', typeUrls.ECDS],
] as const;

/** `coxswain proxy-status`: what the proxies of running control planes have taken. */
export async function showProxies({ httpAddresses, output, proxy }: ShowProxiesOptions): Promise<void> {
  const found = await collect(httpAddresses, proxy).catch(endWithSentence);
  const statuses = found.map(({ status }) => status);
  process.stdout.write(output === 'json' ? `${JSON.stringify(statuses, null, 2)}\n` : formatProxies(found));
}

/** Of several replicas each proxy is connected to one. */
async function collect(addresses: readonly string[], proxy: string | undefined): Promise<readonly ConnectedSync[]> {
  const lists = await Promise.all(addresses.map((istiod) => getJson<readonly SyncStatus[]>(istiod, '/debug/syncz')));
  const all = lists.flatMap((list, i) => list.map((status) => ({ istiod: addresses[i] ?? '', status })));
  const found = all.filter(({ status }) => proxy === undefined || isNamed(status, proxy));
  if (proxy !== undefined && found.length === 0) throw new StartupError(`no proxy ${proxy} is connected to ${addresses.join(' or ')}`);
  return found.toSorted((a, b) => compareText(a.status.proxy ?? '', b.status.proxy ?? ''));
}

/** `NAME.NAMESPACE`, or the name alone. */
function isNamed({ proxy = '' }: SyncStatus, wanted: string): boolean {
  return proxy === wanted || proxy.slice(0, proxy.lastIndexOf('.')) === wanted;
}

/** A line for each proxy as `istioctl proxy-status` prints it, then Envoy's words where it has refused something. */
export function formatProxies(proxies: readonly ConnectedSync[]): string {
  if (proxies.length === 0) return 'No proxy is connected.\n';
  const header = ['NAME', 'CLUSTER', ...columns.map(([name]) => name), 'ISTIOD', 'VERSION'];
  const rows = proxies.map(({ istiod, status }) => [
    status.proxy ?? '',
    status.cluster_id ?? '',
    ...columns.map(([, typeUrl]) => stateOf(status, typeUrl)),
    istiod,
    status.istio_version ?? '',
  ]);
  const refusals = proxies.flatMap(({ status }) =>
    columns.flatMap(([name, typeUrl]) => {
      const error = status.resources?.[typeUrl]?.lastError;
      return error === undefined ? [] : [`${status.proxy} refuses ${name}: ${error}`];
    }),
  );
  return `${[textTable(header, rows), ...(refusals.length > 0 ? ['', ...refusals] : [])].join('\n')}\n`;
}

/** istioctl's words; `NACK` is ours. */
function stateOf({ resources }: SyncStatus, typeUrl: string): string {
  const { sent, acked, lastError } = resources?.[typeUrl] ?? {};
  if (lastError !== undefined) return 'NACK';
  if (sent === undefined) return 'IGNORED';
  if (sent === acked) return 'SYNCED';
  return acked === undefined ? 'STALE (Never Acknowledged)' : 'STALE';
}
