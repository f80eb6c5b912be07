/** `80%`, `33.3%`, `0.01%`. */
export function percent(share: number): string {
  const value = share * 100;
  const digits = value >= 10 || value === 0 ? 1 : 2;
  return `${Number(value.toFixed(digits))}%`;
}
