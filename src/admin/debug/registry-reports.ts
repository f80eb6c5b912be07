import type { RegistryStatus } from '../../registry/registry-status.ts';
import type { DebugContext } from './debug-context.ts';

/** A registry as `/debug/registryz?status` shows it and `coxswain registries` reads it. */
export interface RegistryReport extends Omit<RegistryStatus, 'lastSuccessAt' | 'lastError'> {
  /** RFC 3339. */
  readonly lastSuccessAt?: string;
  readonly lastError?: { readonly message: string; readonly at: string };
  /** Where this registry does not get its way. */
  readonly conflicts: readonly { readonly code: string; readonly message: string }[];
}

export function registryReports({ registries, conflicts }: DebugContext): readonly RegistryReport[] {
  const all = conflicts.get();
  return registries().map(({ lastSuccessAt, lastError, ...status }) => ({
    ...status,
    ...(lastSuccessAt === undefined ? {} : { lastSuccessAt: rfc3339(lastSuccessAt) }),
    ...(lastError === undefined ? {} : { lastError: { message: lastError.message, at: rfc3339(lastError.at) } }),
    conflicts: all.filter(({ registry }) => registry === status.id).map(({ issue: { code, message } }) => ({ code, message })),
  }));
}

function rfc3339(at: number): string {
  return new Date(at).toISOString();
}
