const unitMs: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1, us: 0.001, µs: 0.001, μs: 0.001, ns: 0.000001 };
const part = /(\d+\.?\d*|\.\d+)(h|ms|us|µs|μs|ns|m|s)/gy;

/** Longest that an int64 of nanoseconds holds, about 292 years. */
const maxMs = 9_223_372_036_854.775;

/** Milliseconds of a text in the syntax of Go's time.ParseDuration ("1h30m", "0.5s", "-5ms", "0"); undefined where it is none. */
export function parseDurationText(text: string): number | undefined {
  if (text.length > 64) return undefined;
  const signed = text.startsWith('-') || text.startsWith('+');
  const body = signed ? text.slice(1) : text;
  if (body === '0') return 0;
  let ms = 0;
  let at = 0;
  part.lastIndex = 0;
  for (let match = part.exec(body); match; match = part.exec(body)) {
    ms += Number(match[1]) * (unitMs[match[2]!] ?? Number.NaN);
    at = part.lastIndex;
  }
  if (at === 0 || at !== body.length || ms > maxMs) return undefined;
  return text.startsWith('-') ? -ms : ms;
}
