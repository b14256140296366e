import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { useRecordingsState } from './use-recordings.ts';

/** Says that recordings cannot be taken in and played now, and what to do; nothing while they can. */
export function StateBanner() {
  const { t } = useTranslation();
  const { data } = useRecordingsState();
  if (data === undefined || data.trouble === null) return null;
  return (
    <Alert
      className="failed"
      type="error"
      showIcon
      role="alert"
      title={t(data.trouble === 'no-room' ? 'recordings.offNoRoom' : 'recordings.off')}
      description={
        <>
          <p>
            <b>{t(`recordings.mend.${data.trouble}`)}</b> {t('recordings.offDetail')}
          </p>
          <p className="code">{data.why}</p>
        </>
      }
    />
  );
}
