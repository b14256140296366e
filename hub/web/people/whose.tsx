import { useTranslation } from 'react-i18next';
import { wide } from '../frame/narrow.ts';
import { useNames } from './use-names.ts';

interface Place {
  readonly counter: string | null;
  readonly clerk: string | null;
}

/** Whose a row of a site's table is: as columns, and in one line where a telephone has no room for them. */
export function useWhose(site: string) {
  const { t } = useTranslation();
  const names = useNames(site);
  const nameOf = (id: string | null) => (id === null ? '—' : names(id));
  return {
    columns: [
      { title: t('common.counter'), responsive: wide, render: (_: unknown, { counter }: Place) => nameOf(counter) },
      {
        title: t('common.clerk'),
        responsive: wide,
        render: (_: unknown, { clerk }: Place) =>
          clerk === null ? <span className="muted">—</span> : <b>{names(clerk)}</b>,
      },
    ],
    line: ({ counter, clerk }: Place) => [counter, clerk].map(nameOf).join(' · '),
  };
}
