/** One part of a stacked bar: a level or, with null, silence. */
export interface Share {
  level: string | null;
  count: number;
}

/** The shares as one bar, widths in proportion. `label` says the same in words. */
export function Stack({ shares, label }: { shares: readonly Share[]; label: string }) {
  return (
    <div className="stack" role="img" aria-label={label} title={label}>
      {shares
        .filter(({ count }) => count > 0)
        .map(({ level, count }) => (
          <i key={level ?? 'unrated'} style={{ flexGrow: count, background: `var(--${level ?? 'unrated'})` }} />
        ))}
    </div>
  );
}
