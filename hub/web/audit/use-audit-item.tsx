import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Item } from '../floor/item.tsx';
import { useIsAdministrator } from '../people/use-people.ts';
import { useAuditState } from './use-audit.ts';

/** That the audit log is not to be trusted, or not checked: an administrator must act, and everybody else tell one. */
export function useAuditItem(): ReactNode[] {
  const { t } = useTranslation();
  const isAdministrator = useIsAdministrator();
  const { data: state } = useAuditState();
  if (state === undefined || state.trouble === null) return [];
  return [
    <Item
      key="audit"
      title={t(`audit.trouble.${state.trouble}`)}
      detail={t(isAdministrator ? `audit.mend.${state.trouble}` : 'audit.mend.tell')}
      action={isAdministrator ? <Link to="/audit">{t('audit.title')}</Link> : null}
    />,
  ];
}
