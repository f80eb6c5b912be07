/** One request of the demo's client. */
export interface Sample {
  /** When the answer was there; milliseconds since the epoch. */
  readonly at: number;
  readonly ms: number;
  readonly isOk: boolean;
  /** Version of `register` that answered; empty where none did. */
  readonly version: string;
}

export interface VersionShare {
  readonly version: string;
  readonly count: number;
  /** 0 to 1, of the answers that name a version. */
  readonly share: number;
}

export interface TrafficSummary {
  readonly count: number;
  readonly requestsPerSecond: number;
  /** 0 to 1; 1 where nothing was asked. */
  readonly successShare: number;
  readonly versions: readonly VersionShare[];
  /** Undefined where nothing was answered. */
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
}

/** The samples after `since` and up to `now` in numbers. Versions are listed even where they got nothing. */
export function summarize(samples: readonly Sample[], since: number, now: number, versions: readonly string[]): TrafficSummary {
  const within = samples.filter(({ at }) => at > since && at <= now);
  const ok = within.filter(({ isOk }) => isOk);
  const sorted = ok.map(({ ms }) => ms).sort((a, b) => a - b);
  const counts = versions.map((version) => within.filter((sample) => sample.version === version).length);
  const answered = counts.reduce((sum, count) => sum + count, 0);
  return {
    count: within.length,
    requestsPerSecond: now > since ? (within.length * 1000) / (now - since) : 0,
    successShare: within.length === 0 ? 1 : ok.length / within.length,
    versions: versions.map((version, i) => ({ version, count: counts[i] ?? 0, share: answered === 0 ? 0 : (counts[i] ?? 0) / answered })),
    p50Ms: percentile(sorted, 0.5),
    p99Ms: percentile(sorted, 0.99),
  };
}

/** Nearest rank. */
function percentile(sorted: readonly number[], share: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}
