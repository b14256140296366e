import type { FloorCounter } from '@manyi/config/api';
import type { ProfileId } from '@manyi/config/profiles';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '../i18n/format.ts';
import { Mark } from '../levels/mark.tsx';
import { useLevelWords } from '../levels/words.ts';

interface OutcomesProps {
  last: FloorCounter['last'];
  profile: ProfileId;
  zone: string;
}

/**
 * The newest outcomes of a counter as shapes, each a way to its service. One that came while watching slides in. Only the
 * newest is a stop of the tab key: twelve on every card would bar the way to the rest of the page.
 */
export function Outcomes({ last, profile, zone }: OutcomesProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { outcome } = useLevelWords(profile);
  const atFirst = useRef<ReadonlySet<string>>(new Set(last.map(({ service }) => service)));
  if (last.length === 0) return <p className="outcomes muted">{t('floor.noOutcomes')}</p>;
  return (
    <ul className="outcomes" aria-label={t('floor.lastOutcomes')}>
      {last.map((one, index) => (
        <li key={one.service} className={atFirst.current.has(one.service) ? '' : 'arriving'}>
          <Link
            to={`/services/${one.service}`}
            title={`${outcome(one)} · ${format.time(one.time, zone)}`}
            tabIndex={index === last.length - 1 ? 0 : -1}
          >
            <Mark level={one.level} size={16} apart={one.unprompted} />
            <span className="hidden-text">{outcome(one)}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
