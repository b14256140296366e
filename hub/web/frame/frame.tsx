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
import { useOpenCount } from '../cases/use-cases.ts';
import { useMe, useSignOut } from '../session/session.ts';
import { useArrival } from './arrival.ts';
import { DemoMark } from './demo-mark.tsx';
import { explain } from './explain.ts';
import { LanguageSwitch } from './language-switch.tsx';
import { useSite, useSites } from './sites.tsx';
import './frame.css';

/** What stands around every page: the way to the others, the user, the language. */
export function Frame() {
  const { t } = useTranslation();
  const isAdministrator = useMe().data?.role === 'administrator';
  useArrival();
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
        <Way to="/" icon={<AppstoreOutlined aria-hidden />} word={t('nav.floor')} />
        <Way to="/scores" icon={<BarChartOutlined aria-hidden />} word={t('nav.scores')} />
        <Way to="/recordings" icon={<AudioOutlined aria-hidden />} word={t('nav.recordings')} />
        <WayToCases />
        <hr />
        <Way to="/terminals" icon={<DesktopOutlined aria-hidden />} word={t('nav.terminals')} />
        <Way to="/people" icon={<TeamOutlined aria-hidden />} word={t('nav.people')} />
        {isAdministrator && <Way to="/audit" icon={<SafetyCertificateOutlined aria-hidden />} word={t('nav.audit')} />}
        <User />
      </nav>
      <main id="content" className="main" tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  );
}

/** The cases, with how many of the site are open: they wait for somebody also when nobody looks at them. */
function WayToCases() {
  const { t } = useTranslation();
  const { site } = useSite(useSites().data ?? []);
  const open = useOpenCount(site?.id ?? null);
  return (
    <Way to="/cases" icon={<FileDoneOutlined aria-hidden />} word={t('nav.cases')}>
      {open !== '' && (
        <>
          <span className="nav-count" aria-hidden="true">
            {open}
          </span>
          <span className="hidden-text">{t('nav.openCases', { open })}</span>
        </>
      )}
    </Way>
  );
}

interface WayProps {
  to: string;
  icon: ReactNode;
  word: string;
  children?: ReactNode;
}

function Way({ to, icon, word, children }: WayProps) {
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
      {children}
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
          <UserOutlined className="nav-who-icon" aria-hidden />
          <span className="nav-word">
            {data.name}
            <span className="muted">{t(`roles.${data.role}`)}</span>
          </span>
        </NavLink>
      )}
      <Button
        type="text"
        icon={<LogoutOutlined aria-hidden />}
        aria-label={t('nav.signOut')}
        loading={signOut.isPending}
        onClick={() => signOut.mutate(undefined, { onError: (error) => void message.error(explain(error, t).title) })}
      >
        <span className="nav-word">{t('nav.signOut')}</span>
      </Button>
    </div>
  );
}
