import { Alert, Button } from 'antd';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { isRouteErrorResponse, useRouteError } from 'react-router';
import { useFormat } from '../i18n/format.ts';
import { NotFetched } from './fetched.ts';

/** Shown when a page itself failed, or is not here. */
export function Broken() {
  const error = useRouteError();
  return error instanceof NotFetched ? <Away /> : <Failed error={error} />;
}

const tryAgainMs = 2000;

/** The page opens by itself when the hub answers again. */
function Away() {
  const { t } = useTranslation();
  const { sentences } = useFormat();
  useEffect(() => {
    const timer = setInterval(async () => {
      const answer = await fetch('/healthz').catch(() => null);
      if (answer?.ok) location.reload();
    }, tryAgainMs);
    return () => clearInterval(timer);
  }, []);
  return (
    <Notice title={t('errors.unreachable')}>
      {sentences(t('errors.unreachableDetail'), t('errors.goesOnTrying'))}
    </Notice>
  );
}

function Failed({ error }: { error: unknown }) {
  const { t } = useTranslation();
  return (
    <Notice title={t('errors.broken')} action={<Button onClick={() => location.reload()}>{t('errors.reload')}</Button>}>
      <p>{t('errors.brokenDetail')}</p>
      <p className="code">{messageOf(error)}</p>
    </Notice>
  );
}

interface NoticeProps {
  title: string;
  action?: ReactNode;
  children: ReactNode;
}

/** What stands in the place of a page. */
function Notice({ title, action, children }: NoticeProps) {
  return (
    <div className="page">
      <Alert type="error" showIcon role="alert" title={title} description={children} action={action} />
    </div>
  );
}

function messageOf(error: unknown): string {
  if (isRouteErrorResponse(error)) return `${error.status} ${error.statusText}`;
  return error instanceof Error ? error.message : String(error);
}
