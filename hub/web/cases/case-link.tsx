import type { Recording } from '@manyi/config/recordings';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { CaseStateWords } from './state-words.tsx';

/** The case of a recording's service, with the way to it; nothing where there is none. */
export function CaseLink({ of: { service, case: mark } }: { of: Recording }) {
  const { t } = useTranslation();
  if (service === null || mark === null) return null;
  return (
    <Link className="case-link" to={`/services/${service}`}>
      {t('cases.numbered', { number: mark.number })} <CaseStateWords state={mark.state} />
    </Link>
  );
}
