import { metricScope } from '../../xds/metrics/metric-labels.ts';
import { istioLabels } from './istio-labels.ts';
import { formatLabels, parseLabels } from './label-set.ts';

/** Envoy puts this before every name. */
const envoyPrefix = 'envoy_';
const ofIstio = `${envoyPrefix}${metricScope}_`;

/**
 * The metrics of an Envoy (Prometheus' text) with those of Istio under Istio's names and labels; all others stay as they are.
 * Series that become equal, as labels were taken away, are added up: all of them are counters or histograms.
 */
export function istioMetrics(text: string, own: string): string {
  const lines: string[] = [];
  const sums = new Map<string, { readonly line: number; sum: number }>();
  const known = new Map<string, string>();
  const labelsOf = (raw: string) => {
    const found = known.get(raw) ?? formatLabels(istioLabels(parseLabels(raw), own));
    known.set(raw, found);
    return found;
  };
  for (const line of text.split('\n')) {
    const sample = parseSample(line);
    if (sample === undefined) {
      lines.push(renamedComment(line));
      continue;
    }
    const series = `${sample.name}{${labelsOf(sample.labels)}${sample.le}}`;
    const before = sums.get(series);
    if (before === undefined) {
      sums.set(series, { line: lines.length, sum: Number(sample.value) });
      lines.push(`${series} ${sample.value}`);
      continue;
    }
    before.sum += Number(sample.value);
    lines[before.line] = `${series} ${before.sum}`;
  }
  return lines.join('\n');
}

interface Sample {
  readonly name: string;
  /** Without that of a bucket, which many samples differ in alone. */
  readonly labels: string;
  readonly le: string;
  readonly value: string;
}

function parseSample(line: string): Sample | undefined {
  if (!line.startsWith(ofIstio)) return undefined;
  const [, name = '', labels = '', value = ''] = /^(\w+)\{(.*)\} (\S+)$/.exec(line) ?? [];
  if (name === '') return undefined;
  const [le = ''] = /,?le="[^"]*"$/.exec(labels) ?? [];
  return { name: name.slice(envoyPrefix.length), labels: labels.slice(0, labels.length - le.length), le, value };
}

function renamedComment(line: string): string {
  return line.startsWith(`# TYPE ${ofIstio}`) ? line.replace(ofIstio, `${metricScope}_`) : line;
}
