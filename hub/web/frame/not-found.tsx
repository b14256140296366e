import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { usePageTitle } from './page-title.ts';
import { Nothing } from './states.tsx';

/** The page for addresses that lead nowhere. */
export function NotFound() {
  const { t } = useTranslation();
  usePageTitle(t('errors.pageNotFound'));
  return (
    <div className="page">
      <h1 className="hidden-text">{t('errors.pageNotFound')}</h1>
      <Nothing title={t('errors.pageNotFound')} detail={t('errors.pageNotFoundDetail')}>
        <Link to="/">{t('errors.home')}</Link>
      </Nothing>
    </div>
  );
}
