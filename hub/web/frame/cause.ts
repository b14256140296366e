import { type Cause, readCause } from '@manyi/config/causes';
import type { TFunction } from 'i18next';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

/** Gives a sentence about a cause of failure in the language in force; one that nobody knows stays as it is. */
export function useCauseWords(): (sentence: string) => string {
  const { t } = useTranslation();
  return useCallback((sentence) => causeWords(sentence, t), [t]);
}

/** The same where the translator is at hand. */
export function causeWords(sentence: string, t: TFunction): string {
  const cause = readCause(sentence);
  return cause === null ? sentence : t(`causes.${cause.code}`, { replace: valuesOf(cause, t) });
}

/** Complaints about fields, as the hub joins them: `name: what is wrong; …`. */
export function complaintWords(complaints: string, t: TFunction): string {
  return complaints
    .split('; ')
    .map((one) => {
      const [field = '', ...said] = one.split(': ');
      return said.length === 0 ? causeWords(one, t) : `${field}: ${causeWords(said.join(': '), t)}`;
    })
    .join('; ');
}

/** What is said in a gap may be a cause of its own, and a device is named by its part. */
function valuesOf({ values }: Cause, t: TFunction): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([gap, value]) => [
      gap,
      gap === 'device'
        ? value.replace(/^(microphone|speaker)/, (part) => t(`terminals.parts.${part as 'microphone' | 'speaker'}`))
        : causeWords(value, t),
    ]),
  );
}
