/** One metric of a scrape. */
export interface ScrapedMetric {
  readonly type: string;
  readonly samples: Map<string, number>;
}

const sampleLine = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\n"])*",?)*)\})? (\S+)(?: -?\d+)?$/;
const suffixes: Readonly<Record<string, readonly string[]>> = { histogram: ['_bucket', '_sum', '_count'], summary: ['', '_sum', '_count'] };

/**
 * Reads the Prometheus text format and throws on whatever a strict reader refuses: samples without a type or under
 * another metric's name, a metric or series twice, values that are no numbers, histograms that do not add up.
 */
export function parsePrometheusText(text: string): ReadonlyMap<string, ScrapedMetric> {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const metrics = new Map<string, ScrapedMetric>();
  const helped = new Set<string>();
  let current = '';
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const comment = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/.exec(line);
    if (comment) {
      const [, what = '', name = '', rest = ''] = comment;
      if (what === 'HELP' ? helped.has(name) : metrics.has(name)) throw new Error(`${name} is described twice`);
      if (what === 'HELP') helped.add(name);
      else {
        if (!/^(counter|gauge|histogram|summary|untyped)$/.test(rest)) throw new Error(`no type: ${line}`);
        current = name;
        metrics.set(name, { type: rest, samples: new Map() });
      }
    } else if (!line.startsWith('#')) addSample(metrics, current, line);
  }
  for (const [name, metric] of metrics) if (metric.type === 'histogram') checkHistogram(name, metric.samples);
  return metrics;
}

function addSample(metrics: ReadonlyMap<string, ScrapedMetric>, current: string, line: string): void {
  const [, name = '', labels = '', value = ''] = sampleLine.exec(line) ?? [];
  if (name === '') throw new Error(`no sample: ${line}`);
  const metric = metrics.get(current);
  if (!metric || !(suffixes[metric.type] ?? ['']).some((suffix) => name === current + suffix))
    throw new Error(`not under ${current}: ${line}`);
  const number = value === '+Inf' ? Number.POSITIVE_INFINITY : /^nan$/i.test(value) ? Number.NaN : Number(value);
  if (Number.isNaN(number) && !/^nan$/i.test(value)) throw new Error(`no number: ${line}`);
  const series = `${name}{${labels}}`;
  if (metric.samples.has(series)) throw new Error(`twice: ${series}`);
  metric.samples.set(series, number);
}

/** Buckets grow, and the last one is the count. */
function checkHistogram(name: string, samples: ReadonlyMap<string, number>): void {
  const last = new Map<string, number>();
  for (const [series, value] of samples) {
    if (!series.startsWith(`${name}_bucket{`)) continue;
    const others = labelsOf(series)
      .filter((label) => !label.startsWith('le='))
      .join();
    if (value < (last.get(others) ?? 0)) throw new Error(`falls: ${series}`);
    last.set(others, value);
    if (series.includes('le="+Inf"')) {
      const count = [...samples].find(([other]) => other.startsWith(`${name}_count{`) && labelsOf(other).join() === others)?.[1];
      if (count !== value) throw new Error(`${series} is not the count`);
    }
  }
}

function labelsOf(series: string): string[] {
  return series
    .slice(series.indexOf('{') + 1, -1)
    .split(/,(?=[a-zA-Z_]+=)/)
    .filter((label) => label !== '');
}
