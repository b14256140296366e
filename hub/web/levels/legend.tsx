import { type ProfileId, profiles } from '@manyi/config/profiles';
import { useTranslation } from 'react-i18next';
import { Mark } from './mark.tsx';
import { useLevelWords } from './words.ts';

interface LegendProps {
  profile: ProfileId;
  /** Whether unprompted ratings are among what is explained. */
  hasUnprompted?: boolean;
}

/** What each shape means. */
export function Legend({ profile, hasUnprompted = false }: LegendProps) {
  const { t } = useTranslation();
  const { word } = useLevelWords(profile);
  const { levels } = profiles[profile];
  return (
    <ul className="legend muted" aria-label={t('floor.legend')}>
      {levels.map(({ name }) => (
        <li key={name} className="level-word">
          <Mark level={name} size={12} />
          {word(name)}
        </li>
      ))}
      <li className="level-word">
        <Mark level={null} size={12} />
        {t('outcome.unrated')}
      </li>
      {hasUnprompted && (
        <li className="level-word">
          <Mark level={levels[0]?.name ?? null} size={12} apart />
          {t('scores.unprompted')}
        </li>
      )}
    </ul>
  );
}
