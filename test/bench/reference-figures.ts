/** Figures of one server in one situation, in the units that the table prints. */
export interface Figures {
  /** Seconds until every proxy had its first full configuration. */
  readonly readySeconds: number;
  /** CPU seconds of the server until then. */
  readonly readyCpuSeconds: number;
  /** MiB, the highest of the run. */
  readonly peakMemory: number;
  /** By kind of change: `eds`, `rds`, `cds`. */
  readonly changes: Readonly<Record<string, ChangeFigures>>;
}

export interface ChangeFigures {
  /** Seconds from the file's rename until the median, and the last, proxy held the change. */
  readonly medianSeconds: number;
  readonly lastSeconds: number;
  readonly cpuSeconds: number;
  /** Thousands of bytes for each proxy, where known. */
  readonly kilobytes?: number;
}

export interface StartFigures {
  /** Seconds from exec until one proxy had its first full configuration. */
  readonly seconds: number;
}

/**
 * istiod, master of 22 August 2026, measured with the same client on a two-core machine of the same kind as ours: files as its
 * only source, plain text, admission limit lifted, its default debounce (350 ms is its floor for a change). Ranges are given by
 * their middle. Taken from the README beside the load client, not measured again here: ratios to them are an order of magnitude.
 */
export const istiod: Readonly<Record<string, Figures>> = {
  '100/10/delta': {
    readySeconds: 0.8,
    readyCpuSeconds: 0.43,
    peakMemory: 161,
    changes: { eds: change(0.36, 0.36, 0.01), rds: change(0.43, 0.44, 0.07), cds: change(0.41, 0.43, 0.06) },
  },
  '100/100/delta': {
    readySeconds: 2,
    readyCpuSeconds: 3.4,
    peakMemory: 260,
    changes: { eds: change(0.37, 0.38, 0.02), rds: change(0.73, 0.8, 0.47), cds: change(0.62, 0.83, 0.44) },
  },
  '1000/10/delta': {
    readySeconds: 6.3,
    readyCpuSeconds: 4.4,
    peakMemory: 427,
    changes: { eds: change(0.37, 0.37, 0.01), rds: change(1.4, 1.4, 0.63), cds: change(0.5, 0.65, 0.61) },
  },
  '1000/100/delta': {
    readySeconds: 25,
    readyCpuSeconds: 37.5,
    peakMemory: 1578,
    changes: { eds: change(0.39, 0.43, 0.06), rds: change(2.4, 3, 4, 2108), cds: change(1.5, 2.6, 3.7) },
  },
  '1000/100/sotw': {
    readySeconds: 32,
    readyCpuSeconds: 37,
    peakMemory: 1481,
    changes: { eds: change(0.43, 0.46, 0.15), rds: change(4.7, 6.2, 4.8, 5557), cds: change(2.8, 5, 4.5) },
  },
  '1000/500/delta': {
    readySeconds: 154,
    readyCpuSeconds: 183,
    peakMemory: 6803,
    changes: { eds: change(0.44, 0.51, 0.33), rds: change(6.4, 11, 18.8), cds: change(6.2, 12, 21) },
  },
};

/** By number of services: exec to the first full configuration of one proxy. */
export const istiodStarts: Readonly<Record<string, StartFigures>> = { 100: { seconds: 0.55 }, 1000: { seconds: 2.4 } };

function change(medianSeconds: number, lastSeconds: number, cpuSeconds: number, kilobytes?: number): ChangeFigures {
  return { medianSeconds, lastSeconds, cpuSeconds, ...(kilobytes === undefined ? {} : { kilobytes }) };
}
