import { Alert, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { isRouteErrorResponse, useRouteError } from 'react-router';

/** Shown when a page itself failed. */
export function Broken() {
  const { t } = useTranslation();
  const error = useRouteError();
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
