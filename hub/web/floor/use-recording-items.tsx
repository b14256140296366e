import type { Floor } from '@manyi/config/api';
import { localDate } from '@manyi/config/zone';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '../i18n/format.ts';
import { isTroubled, mendWords, titleOf } from '../recordings/state-banner.tsx';
import { useFaults, useRecordingsState } from '../recordings/use-recordings.ts';
import { Item } from './item.tsx';

/** That the hub cannot take recordings in, play or delete them. */
export function useRecordingTrouble({ site }: Floor): ReactNode[] {
  const { t } = useTranslation();
  const format = useFormat();
  const { data: state } = useRecordingsState();
  if (!isTroubled(state)) return [];
  return [
    <Item
      key="recordings-off"
      title={t(`recordings.${titleOf(state)}`)}
      detail={mendWords(state, t, format)}
      action={<Link to={`/recordings?site=${site.id}`}>{t('recordings.title')}</Link>}
    />,
  ];
}

/** What is amiss with single recordings: stored ones are damaged, or terminals have told today that some are lost. */
export function useRecordingFaults({ site, now }: Floor): ReactNode[] {
  const { t } = useTranslation();
  const today = localDate(Date.parse(now), site.timeZone);
  const { data: { lost, damaged } = { lost: 0, damaged: 0 } } = useFaults(site.id, today);
  const linkTo = (query: string) => <Link to={`/recordings?site=${site.id}${query}`}>{t('recordings.title')}</Link>;
  return [
    damaged > 0 && (
      <Item
        key="recordings-damaged"
        title={t('floor.recordingsDamaged', { count: damaged })}
        detail={t('floor.recordingsDamagedDetail', { count: damaged })}
        action={linkTo('&state=damaged')}
      />
    ),
    lost > 0 && (
      <Item
        key="recordings-lost"
        title={t('floor.recordingsLost', { count: lost })}
        detail={t('floor.recordingsLostDetail', { count: lost })}
        action={linkTo(`&state=lost&told=${today}`)}
      />
    ),
  ].filter((item) => item !== false);
}
