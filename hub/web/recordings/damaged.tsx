import { type Recording, recording as shape } from '@manyi/config/recordings';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { explain } from '../frame/explain.ts';
import { send } from '../http/client.ts';

/** Says what is wrong with a stored recording and what can be done, and has the hub look again. */
export function Damaged({ of: { recording, fault } }: { of: Recording }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const checking = useMutation({
    mutationFn: () => send(shape, 'POST', `/recordings/${recording}/check`),
    onSuccess: () =>
      Promise.all(['recording', 'recordings', 'waveform'].map((key) => cache.invalidateQueries({ queryKey: [key] }))),
  });
  const { data, error } = checking;
  return (
    <Alert
      className="failed"
      type="error"
      showIcon
      role="alert"
      title={t('recordings.damagedTitle')}
      description={
        <>
          <p>{t(`recordings.faultHelp.${fault ?? 'changed'}`)}</p>
          {error !== null && <p>{explain(error, t).title}</p>}
          {data?.state === 'damaged' && <p role="status">{t('recordings.stillDamaged')}</p>}
        </>
      }
      action={
        <Button loading={checking.isPending} onClick={() => checking.mutate()}>
          {t('recordings.checkAgain')}
        </Button>
      }
    />
  );
}
