import type { Service } from '@manyi/config/api';
import { reasons } from '@manyi/config/reasons';
import { Alert } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format.ts';
import { useLanguage } from '../i18n/i18n.ts';
import { Mark } from '../levels/mark.tsx';
import { useLevelWords } from '../levels/words.ts';
import { useNames } from '../people/use-names.ts';
import { Decision } from './decision.tsx';
import { isReason } from './words.ts';

interface FactsProps {
  found: Service;
  zone: string;
  siteName: string;
}

/** What the service has come to. */
export function Facts({ found, zone, siteName }: FactsProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const language = useLanguage();
  const { outcome } = useLevelWords(found.profile);
  const names = useNames(found.site);
  const { startedAt, endedAt, reason } = found;
  const took = startedAt !== null && endedAt !== null ? Date.parse(endedAt) - Date.parse(startedAt) : null;
  return (
    <aside className="card facts" aria-labelledby="facts-title">
      <h2 id="facts-title" className="facts-outcome level-word">
        <Mark level={found.level} size={26} apart={found.unprompted} />
        {found.level === null && found.outcome === null ? t('service.running') : outcome(found)}
      </h2>
      {found.setAside && <Alert type="warning" showIcon title={t('service.setAside')} />}
      {found.unprompted && <Alert type="info" showIcon title={t('service.unprompted')} />}
      <dl>
        <Fact name={t('common.clerk')}>{found.clerk === null ? t('scores.noClerk') : names(found.clerk)}</Fact>
        <Fact name={t('common.counter')}>{found.counter === null ? '—' : names(found.counter)}</Fact>
        <Fact name={t('common.site')}>{siteName}</Fact>
        <Fact name={t('common.terminal')}>{found.terminal}</Fact>
        <Fact name={t('service.started')}>{startedAt === null ? '—' : format.dateTime(startedAt, zone)}</Fact>
        <Fact name={t('service.ended')}>
          {endedAt === null ? '—' : format.dateTime(endedAt, zone)}
          {took !== null && <span className="muted"> · {t('service.took', { time: format.span(took) })}</span>}
        </Fact>
        <Fact name={t('service.outcome')}>
          {found.outcome === null ? t('service.running') : t(`outcome.${found.outcome}`)}
        </Fact>
        {reason !== null && (
          <Fact name={t('service.reason')}>{isReason(reason) ? reasons[reason][language] : reason}</Fact>
        )}
      </dl>
      {found.level !== null && <Decision found={found} />}
    </aside>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="muted">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
