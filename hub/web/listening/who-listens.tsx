import { page } from '@manyi/config/api';
import { listening } from '@manyi/config/listening';
import { useQuery } from '@tanstack/react-query';
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { read } from '../http/client.ts';

const readAgainMs = 5_000;

/** Who listens in to a counter already, before one joins them. */
export function WhoListens({ site, counter }: { site: string; counter: string }) {
  const { t } = useTranslation();
  const { data } = useQuery({
    queryKey: ['listenings'],
    queryFn: () => read(page(listening), '/listenings'),
    refetchInterval: readAgainMs,
    staleTime: 0,
  });
  const here = data?.items.filter((one) => one.site === site && one.counter === counter) ?? [];
  if (here.length === 0) return null;
  const names = [...new Set(here.map(({ who }) => who))].sort().join(', ');
  return <Alert className="failed" type="info" showIcon title={t('listening.others', { names })} />;
}
