/** How a figure is told: one line of JSON, as the other benches do. */

export function tell(figure: string, values: Record<string, unknown>): void {
  console.log(JSON.stringify({ figure, ...values }));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
