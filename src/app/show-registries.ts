import type { RegistryReport } from '../admin/debug/registry-reports.ts';
import type { ShowOptions } from '../cli/roles.ts';
import { textTable } from '../lib/text-table.ts';
import { getJson } from './admin-client.ts';
import { endWithSentence } from './startup-error.ts';

/** `coxswain registries`: how the registries of a running control plane are. */
export async function showRegistries({ httpAddress, output }: ShowOptions): Promise<void> {
  const reports = await getJson<readonly RegistryReport[]>(httpAddress, '/debug/registryz?status').catch(endWithSentence);
  process.stdout.write(output === 'json' ? `${JSON.stringify(reports, null, 2)}\n` : formatRegistries(reports, Date.now()));
}

/** A line for each registry, then what is wrong with any of them. */
export function formatRegistries(reports: readonly RegistryReport[], now: number): string {
  const header = ['REGISTRY', 'PROVIDER', 'STATE', 'SERVICES', 'ENDPOINTS', 'LAG', 'LAST SUCCESS', 'ERRORS', 'CONFLICTS', 'ADDRESS'];
  const rows = reports.map((report) => [
    report.id,
    report.provider,
    report.state,
    String(report.services),
    String(report.endpoints),
    `${(report.lagMs / 1000).toFixed(1)}s`,
    report.lastSuccessAt === undefined ? '-' : ago(report.lastSuccessAt, now),
    report.errors === undefined ? '-' : String(report.errors),
    String(report.conflicts.length),
    report.address === '' ? '-' : report.address,
  ]);
  const remarks = reports.flatMap(({ id, lastError, conflicts, kept = 0 }) => [
    ...(kept === 0 ? [] : [`${id}: ${kept} instances are kept that it has not listed since an outage`]),
    ...(lastError === undefined ? [] : [`${id}: ${lastError.message} (${ago(lastError.at, now)})`]),
    ...conflicts.map(({ code, message }) => `${id}: ${code} ${message}`),
  ]);
  return `${[textTable(header, rows), ...(remarks.length > 0 ? ['', ...remarks] : [])].join('\n')}\n`;
}

function ago(time: string, now: number): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(time)) / 1000));
  if (seconds < 120) return `${seconds}s ago`;
  if (seconds < 7200) return `${Math.round(seconds / 60)}m ago`;
  return `${Math.round(seconds / 3600)}h ago`;
}
