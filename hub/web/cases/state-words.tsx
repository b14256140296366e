import type { CaseState } from '@manyi/config/cases';
import { useTranslation } from 'react-i18next';
import './cases.css';

/** Whether a case is open or closed, as a sign and a word. */
export function CaseStateWords({ state }: { state: CaseState }) {
  const { t } = useTranslation();
  return (
    <span className={`case-state is-${state}`}>
      <i aria-hidden="true" />
      {t(`cases.states.${state}`)}
    </span>
  );
}
