import type { RecordingsTrouble } from '@manyi/config/recordings';
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { useCauseWords } from '../frame/cause.ts';
import { useRecordingsState } from './use-recordings.ts';

/** What stands still while something is amiss with recordings. */
export function titleOf(trouble: RecordingsTrouble): 'offNoRoom' | 'offTakingIn' | 'offDeleting' | 'unclaimed' | 'off' {
  switch (trouble) {
    case 'no-room':
      return 'offNoRoom';
    case 'storage-writes':
      return 'offTakingIn';
    case 'storage-deletes':
      return 'offDeleting';
    case 'unclaimed':
      return 'unclaimed';
    default:
      return 'off';
  }
}

/** What leaves recordings to be taken in and played as ever. */
const stopsNothing: ReadonlySet<RecordingsTrouble> = new Set(['storage-deletes', 'unclaimed']);

/** Says that recordings cannot be taken in, played or deleted now, and what to do; nothing while they can. */
export function StateBanner() {
  const { t } = useTranslation();
  const causeWords = useCauseWords();
  const { data } = useRecordingsState();
  if (data === undefined || data.trouble === null) return null;
  return (
    <Alert
      className="failed"
      type="error"
      showIcon
      role="alert"
      title={t(`recordings.${titleOf(data.trouble)}`)}
      description={
        <>
          <p>
            <b>{t(`recordings.mend.${data.trouble}`)}</b> {stopsNothing.has(data.trouble) || t('recordings.offDetail')}
          </p>
          <p className="code">{causeWords(data.why ?? '')}</p>
        </>
      }
    />
  );
}
