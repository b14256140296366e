import { Alert, Button, Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format.ts';
import { explain, isAway } from './explain.ts';

/** Shown while something is read for the first time; after two seconds it says that it takes long. */
export function Loading({ rows = 6 }: { rows?: number }) {
  const { t } = useTranslation();
  return (
    <div className="loading" role="status" aria-label={t('common.loading')}>
      <p className="loading-slow">{t('common.slow')}</p>
      <Skeleton active title={false} paragraph={{ rows }} />
    </div>
  );
}

/** Why the hub did not take what was sent. */
export function Refused({ error }: { error: Error }) {
  const { t } = useTranslation();
  const { title } = explain(error, t);
  const detail = useDetail(error, t('errors.tryThen'));
  return <Alert className="failed" type="error" showIcon role="alert" title={title} description={detail} />;
}

interface FailedProps {
  error: Error;
  retry: () => unknown;
  /** When what is still shown was read, by this computer's clock; null where nothing is. */
  readAt?: number | null;
}

/** Shown when something could not be read, with the hub's reason and the way to try again. */
export function Failed({ error, retry, readAt = null }: FailedProps) {
  const { t } = useTranslation();
  const { sentences, seconds } = useFormat();
  const { title } = explain(error, t);
  const why = useDetail(error, t('errors.goesOnTrying'));
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const old = readAt === null ? null : t('errors.readAt', { time: seconds(readAt, zone) });
  const detail = sentences(...[why, old].filter((one) => one !== null));
  return (
    <Alert
      className="failed"
      type="error"
      showIcon
      role="alert"
      title={title}
      description={detail}
      action={<Button onClick={() => retry()}>{t('common.retry')}</Button>}
    />
  );
}

/** Why it failed, and what happens next where the hub is away. */
function useDetail(error: Error, next: string): string | null {
  const { t } = useTranslation();
  const { sentences } = useFormat();
  const { detail } = explain(error, t);
  return detail !== null && isAway(error) ? sentences(detail, next) : detail;
}

/** Shown where there is nothing yet: what would stand here, and the first step towards it. */
export function Nothing({ title, detail, children }: { title: string; detail: string; children?: ReactNode }) {
  return (
    <div className="nothing">
      <svg viewBox="0 0 100 100" width="44" height="44" aria-hidden="true">
        <circle cx="50" cy="50" r="44" fill="none" stroke="var(--unrated)" strokeWidth="6" />
        <circle cx="36" cy="42" r="5" fill="var(--unrated)" />
        <circle cx="64" cy="42" r="5" fill="var(--unrated)" />
        <path d="M32 64 H68" stroke="var(--unrated)" strokeWidth="6" strokeLinecap="round" />
      </svg>
      <b>{title}</b>
      <p className="muted">{detail}</p>
      {children}
    </div>
  );
}

interface Asked<T> {
  data: T | undefined;
  error: Error | null;
  dataUpdatedAt: number;
  isPending: boolean;
  refetch: () => unknown;
}

interface WhenReadProps<T> {
  query: Asked<T>;
  rows?: number;
  children: (data: T) => ReactNode;
}

/** The three states of anything read: a skeleton, the error above what was known before, or the thing itself. */
export function WhenRead<T>({ query, rows, children }: WhenReadProps<T>) {
  const { data, error, dataUpdatedAt } = query;
  return (
    <>
      {error !== null && (
        <Failed error={error} retry={query.refetch} readAt={data === undefined ? null : dataUpdatedAt} />
      )}
      {data !== undefined ? children(data) : error === null && <Loading {...(rows === undefined ? {} : { rows })} />}
    </>
  );
}
