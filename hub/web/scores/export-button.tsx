import { DownloadOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { explain } from '../frame/explain.ts';
import { boundsOf } from '../frame/range.ts';
import { downloadCsv } from '../http/download.ts';
import type { Choice } from './use-choice.ts';

/** Hands out the figures of the choice as CSV. */
export function ExportButton({ site, choice: { days, by } }: { site: string; choice: Choice }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const saving = useMutation({
    mutationFn: () => {
      const of = by === 'site' ? null : site;
      const name = `scores-${of === null ? '' : `${of}-`}by-${by}-${days.first}-${days.last}.csv`;
      return downloadCsv(name, '/scores', { site: of, by, ...boundsOf(days) });
    },
    onError: (error) => message.error(explain(error, t).title),
  });
  return (
    <Button icon={<DownloadOutlined aria-hidden />} loading={saving.isPending} onClick={() => saving.mutate()}>
      {t('scores.export')}
    </Button>
  );
}
