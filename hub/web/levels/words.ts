import type { ScoreRow } from '@manyi/config/api';
import { type ProfileId, polarityOf, profiles } from '@manyi/config/profiles';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type Language, useLanguage } from '../i18n/i18n.ts';
import type { Share } from './stack.tsx';

/** The word for a level; one that this version does not know keeps its name. */
export function levelWord(profile: ProfileId, level: string, language: Language): string {
  return profiles[profile].levels.find((one) => one.name === level)?.words[language] ?? level;
}

/** Whether the level stands on the bad side of its profile. */
export function isBad(profile: ProfileId, level: string | null): boolean {
  return level !== null && polarityOf(profile, level) === 'bad';
}

/** The counts of a row in the order of the profile's levels. */
export function countsOf(profile: ProfileId, row: ScoreRow): number[] {
  return profiles[profile].levels.map((level) => row.counts[level.name] ?? 0);
}

/** A row as shares of all its services, silence last. */
export function sharesOf(profile: ProfileId, row: ScoreRow): Share[] {
  const levels: Share[] = profiles[profile].levels.map((level) => ({
    level: level.name,
    count: row.counts[level.name] ?? 0,
  }));
  return [...levels, { level: null, count: Math.max(0, row.services - row.rated) }];
}

interface Told {
  level: string | null;
  outcome: string | null;
  unprompted?: boolean;
}

/** Says outcomes and shares in the language in force. */
export function useLevelWords(profile: ProfileId) {
  const { t } = useTranslation();
  const language = useLanguage();
  return useMemo(() => {
    const word = (level: string) => levelWord(profile, level, language);
    return {
      word,
      outcome: ({ level, outcome, unprompted = false }: Told) => {
        if (level === null) return t(`outcome.${isOutcome(outcome) ? outcome : 'unrated'}`);
        return unprompted ? t('outcome.unprompted', { level: word(level) }) : word(level);
      },
      shares: (shares: readonly Share[]) =>
        shares
          .filter(({ count }) => count > 0)
          .map(({ level, count }) => `${level === null ? t('outcome.unrated') : word(level)} ${count}`)
          .join(language === 'zh' ? '，' : ', '),
    };
  }, [profile, language, t]);
}

const unrated = ['expired', 'withheld', 'declined', 'interrupted'] as const;

function isOutcome(text: string | null): text is (typeof unrated)[number] {
  return (unrated as readonly (string | null)[]).includes(text);
}
