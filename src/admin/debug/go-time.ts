/** A time as Go writes it into JSON, from milliseconds since the epoch; 0 stands for Go's zero time, as Istio shows it. */
export function goTime(ms: number): string {
  return ms === 0 ? '0001-01-01T00:00:00Z' : new Date(ms).toISOString();
}
