import { useTranslation } from 'react-i18next';
import { usePageTitle } from '../frame/page-title.ts';
import { useMe } from '../session/session.ts';
import { OwnPassword } from './own-password.tsx';
import { Tokens } from './tokens.tsx';
import './account.css';

/** A user's own page: the password, and the tokens of the programs that act for them. */
export function AccountPage() {
  const { t } = useTranslation();
  const me = useMe().data;
  usePageTitle(t('nav.account'));
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('nav.account')}</h1>
        {me && (
          <span className="muted">
            {me.name} · <span className="code">{me.username}</span> · {t(`roles.${me.role}`)}
          </span>
        )}
      </header>
      <div className="account">
        <OwnPassword />
        <Tokens />
      </div>
    </div>
  );
}
