import { Alert, Button } from 'antd';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { isRouteErrorResponse, useRouteError } from 'react-router';
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
  useEffect(() => {
    const timer = setInterval(async () => {
      const answer = await fetch('/healthz').catch(() => null);
      if (answer?.ok) location.reload();
    }, tryAgainMs);
    return () => clearInterval(timer);
  }, []);
  return (
    <div className="page">
      <Alert
        type="error"
        showIcon
        role="alert"
        title={t('errors.unreachable')}
        description={t('errors.unreachableDetail')}
      />
    </div>
  );
}

function Failed({ error }: { error: unknown }) {
  const { t } = useTranslation();
  return (
    <div className="page">
      <Alert
        type="error"
        showIcon
        role="alert"
        title={t('errors.broken')}
        description={
          <>
            <p>{t('errors.brokenDetail')}</p>
            <p className="code">{messageOf(error)}</p>
          </>
        }
        action={<Button onClick={() => location.reload()}>{t('errors.reload')}</Button>}
      />
    </div>
  );
}

function messageOf(error: unknown): string {
  if (isRouteErrorResponse(error)) return `${error.status} ${error.statusText}`;
  return error instanceof Error ? error.message : String(error);
}
