/** One line of the bench's table. */
export interface Row {
  /** What was measured. */
  readonly name: string;
  /** The measured figure with its unit. */
  readonly figure: string;
  /** What the same machine can do at best, measured in the same run; null where nothing stands under it. */
  readonly floor: string | null;
  /** Figure to floor. */
  readonly ratio: number | null;
  readonly target: string;
  readonly pass: boolean;
}

/** The value below which this share of the samples lies (nearest rank). */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Milliseconds for people. */
export function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 1)} ms`;
}
