import type { Floor } from '@manyi/config/api';
import { page } from '@manyi/config/api';
import { recording } from '@manyi/config/recordings';
import { localDate } from '@manyi/config/zone';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { read } from '../http/client.ts';
import { useRecordingsState } from '../recordings/use-recordings.ts';
import { Item } from './item.tsx';

const againMs = 30_000;
const shown = 100;

/** What is amiss with the recordings: the hub cannot take them in, or terminals lost some today. */
export function useRecordingItems({ site, now }: Floor): ReactNode[] {
  const { t } = useTranslation();
  const { data: state } = useRecordingsState();
  const today = localDate(Date.parse(now), site.timeZone);
  const { data: lost = 0 } = useQuery({
    queryKey: ['recordings', 'lost', site.id, today],
    queryFn: () => countLost(site.id, today),
    refetchInterval: againMs,
  });
  const rules = <Link to={`/recordings?site=${site.id}`}>{t('recordings.title')}</Link>;
  return [
    ...(state === undefined || state.trouble === null
      ? []
      : [
          <Item
            key="recordings-off"
            title={t(state.trouble === 'no-room' ? 'recordings.offNoRoom' : 'recordings.off')}
            detail={t(`recordings.mend.${state.trouble}`)}
            action={rules}
          />,
        ]),
    ...(lost === 0
      ? []
      : [
          <Item
            key="recordings-lost"
            title={t('floor.recordingsLost', { count: lost })}
            detail={t('floor.recordingsLostDetail')}
            action={<Link to={`/recordings?site=${site.id}&range=today&state=lost`}>{t('recordings.title')}</Link>}
          />,
        ]),
  ];
}

/** How many recordings of the day were lost; more than are shown are not counted. */
async function countLost(site: string, from: string): Promise<number> {
  const { items } = await read(page(recording), '/recordings', { site, from, state: 'lost', limit: shown });
  return items.length;
}
