import type { RecordingsState, RecordingsTrouble } from '@manyi/config/recordings';
import { Alert } from 'antd';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { useCauseWords } from '../frame/cause.ts';
import { type Format, useFormat } from '../i18n/format.ts';
import { useRecordingsState } from './use-recordings.ts';

type Troubled = Pick<RecordingsState, 'plays'> & { readonly trouble: RecordingsTrouble };

/** Whether something is amiss with recordings. */
export function isTroubled<T extends RecordingsState>(state: T | undefined): state is T & Troubled {
  return state !== undefined && state.trouble !== null;
}

/** What stands still while it is. */
export function titleOf({
  trouble,
  plays,
}: Troubled): 'offNoRoom' | 'offTakingIn' | 'offDeleting' | 'unclaimed' | 'off' {
  if (!plays) return 'off';
  switch (trouble) {
    case 'no-room':
      return 'offNoRoom';
    case 'storage-deletes':
      return 'offDeleting';
    case 'unclaimed':
      return 'unclaimed';
    default:
      return 'offTakingIn';
  }
}

/** What leaves recordings to be taken in and played as ever. */
const stopsNothing: ReadonlySet<RecordingsTrouble> = new Set(['storage-deletes', 'unclaimed']);
/** What the hub looks at again by itself, also where it could not begin with it. */
const looksAgain: ReadonlySet<RecordingsTrouble> = new Set(['storage']);

/** What somebody must do, and what goes on until then. */
export function mendWords({ trouble, plays }: Troubled, t: TFunction, { sentences }: Format): string {
  const mend = t(`recordings.mend.${trouble}`);
  if (stopsNothing.has(trouble)) return mend;
  if (plays) return sentences(mend, t('recordings.stillPlays'));
  return looksAgain.has(trouble) ? mend : sentences(mend, t('recordings.restart'));
}

/** Says that recordings cannot be taken in, played or deleted now, and what to do; nothing while they can. */
export function StateBanner() {
  const { t } = useTranslation();
  const causeWords = useCauseWords();
  const format = useFormat();
  const { data } = useRecordingsState();
  if (!isTroubled(data)) return null;
  return (
    <Alert
      className="failed"
      type="error"
      showIcon
      role="alert"
      title={t(`recordings.${titleOf(data)}`)}
      description={
        <>
          <p>
            <b>{mendWords(data, t, format)}</b>
          </p>
          {!stopsNothing.has(data.trouble) && <p>{t('recordings.offDetail')}</p>}
          <p className="code">{causeWords(data.why ?? '')}</p>
        </>
      }
    />
  );
}
