import type { Clerk } from '@manyi/config/api';
import { useTranslation } from 'react-i18next';

/** A clerk's photo, or a drawing where there is none. */
export function Portrait({ clerk, size }: { clerk: Partial<Clerk>; size: number }) {
  const { t } = useTranslation();
  const box = { width: size, height: Math.round(size * 1.24) };
  if (clerk.photo)
    return (
      <img
        className="portrait"
        src={clerk.photo}
        alt={t('people.clerk.photoOf', { name: clerk.name ?? '' })}
        style={box}
      />
    );
  return (
    <svg className="portrait" viewBox="0 0 100 124" style={box} aria-hidden="true">
      <circle cx="50" cy="56" r="20" fill="var(--offline)" />
      <path d="M10 124c2-32 20-44 40-44s38 12 40 44z" fill="var(--offline)" />
    </svg>
  );
}
