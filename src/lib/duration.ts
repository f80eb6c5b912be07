/** Durations as users write them (`1h2m3.5s`, `100ms`, `0.5s`) and as protobuf keeps them. */
export interface Duration {
  readonly seconds: string;
  readonly nanos: number;
}

const nanosPerUnit: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['\u00b5s', 1_000n],
  ['\u03bcs', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);

const maxInt64 = 9_223_372_036_854_775_807n;

/**
 * Parses the grammar of Go's `time.ParseDuration`, of which protobuf's JSON form (`3.5s`) is a part. Undefined where the
 * text is none, has no unit, or passes the 292 years that Go can hold.
 */
export function parseDuration(text: string): Duration | undefined {
  const nanos = parseNanos(text);
  if (nanos === undefined) return undefined;
  return { seconds: String(nanos / 1_000_000_000n), nanos: Number(nanos % 1_000_000_000n) };
}

/** The same in milliseconds, with a fraction where the text has one. */
export function parseDurationMs(text: string): number | undefined {
  const nanos = parseNanos(text);
  return nanos === undefined ? undefined : Number(nanos) / 1e6;
}

/** A protobuf duration of so many milliseconds; fractions count to the nanosecond. */
export function durationFromMs(ms: number): Duration {
  const seconds = Math.trunc(ms / 1000);
  const nanos = Math.round((ms - seconds * 1000) * 1e6);
  if (Math.abs(nanos) === 1e9) return { seconds: String(seconds + Math.sign(nanos)), nanos: 0 };
  return { seconds: String(seconds), nanos: nanos === 0 ? 0 : nanos };
}

export function durationToMs(duration: { readonly seconds?: string | number; readonly nanos?: number }): number {
  return Number(duration.seconds ?? 0) * 1000 + (duration.nanos ?? 0) / 1e6;
}

/** Protobuf's JSON form: seconds with 0, 3, 6 or 9 digits of fraction, then `s`. */
export function formatDuration(duration: { readonly seconds?: string | number; readonly nanos?: number }): string {
  const nanos = duration.nanos ?? 0;
  const seconds = String(duration.seconds ?? 0);
  if (nanos === 0) return `${seconds}s`;
  const sign = nanos < 0 && !seconds.startsWith('-') ? '-' : '';
  const digits = String(Math.abs(nanos))
    .padStart(9, '0')
    .replace(/(000){1,2}$/, '');
  return `${sign}${seconds}.${digits}s`;
}

function parseNanos(text: string): bigint | undefined {
  const negative = text.startsWith('-');
  let rest = negative || text.startsWith('+') ? text.slice(1) : text;
  if (rest === '0') return 0n;
  if (rest === '' || rest.length > 100) return undefined;
  let total = 0n;
  while (rest !== '') {
    const part = /^(\d*)(?:\.(\d*))?(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/.exec(rest);
    if (!part) return undefined;
    const [whole, digits = '', fraction = '', unit = ''] = part;
    const scale = nanosPerUnit.get(unit);
    if (scale === undefined || (digits === '' && fraction === '')) return undefined;
    total += BigInt(digits === '' ? '0' : digits) * scale;
    if (fraction !== '') total += (BigInt(fraction) * scale) / 10n ** BigInt(fraction.length);
    rest = rest.slice(whole.length);
  }
  if (total > maxInt64) return undefined;
  return negative ? -total : total;
}
