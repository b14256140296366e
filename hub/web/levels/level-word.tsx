import type { ProfileId } from '@manyi/config/profiles';
import { useTranslation } from 'react-i18next';
import { Mark } from './mark.tsx';
import { useLevelWords } from './words.ts';

/** The level of a service with its mark, or that it has none. */
export function LevelWord({ profile, level }: { profile: ProfileId; level: string | null }) {
  const { t } = useTranslation();
  const { word } = useLevelWords(profile);
  return (
    <span className="level-word">
      <Mark level={level} />
      {level === null ? t('outcome.unrated') : word(level)}
    </span>
  );
}
