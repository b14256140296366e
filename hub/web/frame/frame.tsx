import {
  AppstoreOutlined,
  AudioOutlined,
  BarChartOutlined,
  DesktopOutlined,
  FileDoneOutlined,
  LogoutOutlined,
  SafetyCertificateOutlined,
  TeamOutlined,
  UserOutlined,
} from '@ant-design/icons';
import { App, Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink, Outlet, useLocation } from 'react-router';
import { useMe, useSignOut } from '../session/session.ts';
import { DemoMark } from './demo-mark.tsx';
import { explain } from './explain.ts';
import { LanguageSwitch } from './language-switch.tsx';
import './frame.css';

/** What stands around every page: the way to the others, the user, the language. */
export function Frame() {
  const { t } = useTranslation();
  const isAdministrator = useMe().data?.role === 'administrator';
  return (
    <div className="frame">
      <a className="skip" href="#content">
        {t('common.skip')}
      </a>
      <nav className="nav" aria-label={t('nav.label')}>
        <b className="nav-brand">
          满意
          <span className="nav-word">
            {' '}
            <i>Manyi</i>
          </span>
        </b>
        <DemoMark />
        <Way to="/" icon={<AppstoreOutlined />} word={t('nav.floor')} />
        <Way to="/scores" icon={<BarChartOutlined />} word={t('nav.scores')} />
        <Way to="/recordings" icon={<AudioOutlined />} word={t('nav.recordings')} />
        <Way to="/cases" icon={<FileDoneOutlined />} word={t('nav.cases')} />
        <hr />
        <Way to="/terminals" icon={<DesktopOutlined />} word={t('nav.terminals')} />
        <Way to="/people" icon={<TeamOutlined />} word={t('nav.people')} />
        {isAdministrator && <Way to="/audit" icon={<SafetyCertificateOutlined />} word={t('nav.audit')} />}
        <User />
      </nav>
      <main id="content" className="main" tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  );
}

function Way({ to, icon, word }: { to: string; icon: ReactNode; word: string }) {
  const { search } = useLocation();
  const site = new URLSearchParams(search).get('site');
  return (
    <NavLink
      className="nav-way"
      to={{ pathname: to, search: site === null ? '' : `?site=${site}` }}
      end={to === '/'}
      title={word}
    >
      {icon}
      <span className="nav-word">{word}</span>
    </NavLink>
  );
}

function User() {
  const { t } = useTranslation();
  const { data } = useMe();
  const signOut = useSignOut();
  const { message } = App.useApp();
  return (
    <div className="nav-user">
      <LanguageSwitch label={t('nav.language')} />
      {data && (
        <NavLink className="nav-way nav-who" to="/account" title={t('nav.account')}>
          <UserOutlined className="nav-who-icon" />
          <span className="nav-word">
            {data.name}
            <span className="muted">{t(`roles.${data.role}`)}</span>
          </span>
        </NavLink>
      )}
      <Button
        type="text"
        icon={<LogoutOutlined />}
        aria-label={t('nav.signOut')}
        loading={signOut.isPending}
        onClick={() => signOut.mutate(undefined, { onError: (error) => void message.error(explain(error, t).title) })}
      >
        <span className="nav-word">{t('nav.signOut')}</span>
      </Button>
    </div>
  );
}
