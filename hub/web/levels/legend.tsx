import { type ProfileId, profiles } from '@manyi/config/profiles';
import { useTranslation } from 'react-i18next';
import { Mark } from './mark.tsx';
import { useLevelWords } from './words.ts';

/** What each shape means. */
export function Legend({ profile }: { profile: ProfileId }) {
  const { t } = useTranslation();
  const { word } = useLevelWords(profile);
  return (
    <ul className="legend muted" aria-label={t('floor.legend')}>
      {profiles[profile].levels.map(({ name }) => (
        <li key={name} className="level-word">
          <Mark level={name} size={12} />
          {word(name)}
        </li>
      ))}
      <li className="level-word">
        <Mark level={null} size={12} />
        {t('outcome.unrated')}
      </li>
    </ul>
  );
}
