/** Which connections a workload's port takes: plain text alone, both, or mutual TLS alone. */
export type MutualTlsMode = 'DISABLE' | 'PERMISSIVE' | 'STRICT';

/** What counts where nobody says anything (Istio's default for the whole mesh). */
export const defaultMutualTlsMode: MutualTlsMode = 'PERMISSIVE';
