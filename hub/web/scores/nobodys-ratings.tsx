import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Nothing } from '../frame/states.tsx';
import { useFormat } from '../i18n/format.ts';
import { useIsAdministrator } from '../people/use-people.ts';
import type { Choice } from './use-choice.ts';

/** Says how many ratings are in no clerk's row, because no clerk was on duty. */
export function NobodysRatings({ count }: { count: number }) {
  const { t } = useTranslation();
  if (count <= 0) return null;
  return <p className="muted nobodys">{t('scores.apart', { count })}</p>;
}

interface NothingOfClerksProps {
  count: number;
  change: (part: Partial<Choice>) => void;
}

/** Instead of the table of clerks when there are ratings, but none of a clerk: why, and where they are. */
export function NothingOfClerks({ count, change }: NothingOfClerksProps) {
  const { t } = useTranslation();
  const { sentences } = useFormat();
  const isAdministrator = useIsAdministrator();
  return (
    <Nothing title={t('scores.nobody')} detail={sentences(t('scores.apart', { count }), t('scores.nobodyDetail'))}>
      <span className="nobodys-ways">
        <button type="button" className="link-button" onClick={() => change({ by: 'counter' })}>
          {t('scores.toCounters')}
        </button>
        {isAdministrator && <Link to="/people/badges">{t('scores.toBadges')}</Link>}
      </span>
    </Nothing>
  );
}
