import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LanguageSwitch } from '../frame/language-switch.tsx';
import { usePageTitle } from '../frame/page-title.ts';
import './door.css';

interface DoorProps {
  title: string;
  lead: string;
  children: ReactNode;
}

/** The sheet before the dashboard: signing in and setting up. */
export function Door({ title, lead, children }: DoorProps) {
  const { t } = useTranslation();
  usePageTitle(title);
  return (
    <main className="door">
      <div className="door-sheet card">
        <div className="door-brand">
          <Face />
          <b>
            满意 <i>Manyi</i>
          </b>
        </div>
        <h1>{title}</h1>
        <p className="muted">{lead}</p>
        {children}
      </div>
      <LanguageSwitch label={t('nav.language')} />
    </main>
  );
}

function Face() {
  return (
    <svg viewBox="0 0 100 100" width="34" height="34" aria-hidden="true">
      <circle cx="50" cy="50" r="48" fill="var(--accent)" />
      <circle cx="35" cy="40" r="6" fill="var(--card)" />
      <circle cx="65" cy="40" r="6" fill="var(--card)" />
      <path d="M27 58 Q50 84 73 58" fill="none" stroke="var(--card)" strokeWidth="7" strokeLinecap="round" />
    </svg>
  );
}
