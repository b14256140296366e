import type { Site } from '@manyi/config/api';
import { profiles } from '@manyi/config/profiles';
import { type Retention, retention } from '@manyi/config/recordings';
import { Button, Form, InputNumber } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EditDrawer } from '../frame/edit-drawer.tsx';
import { WhenRead } from '../frame/states.tsx';
import { send } from '../http/client.ts';
import { useLanguage } from '../i18n/i18n.ts';
import { ReasonField } from './reason-field.tsx';
import { retentionPath, useRetention } from './use-rules.ts';

const kinds = ['good', 'neutral', 'bad', 'unrated'] as const;
type Kind = (typeof kinds)[number];

/** How many days a site keeps its recordings, by what the customer said. */
export function RetentionDays({ site, mayChange }: { site: Site; mayChange: boolean }) {
  const { t } = useTranslation();
  const query = useRetention(site);
  const nameOf = useKindNames(site);
  const [edited, edit] = useState<Retention | null>(null);
  return (
    <section className="card rule" aria-labelledby="retention-title">
      <h2 id="retention-title">{t('recordings.retention.title')}</h2>
      <WhenRead query={query} rows={4}>
        {(days) => (
          <>
            <dl className="days">
              {kinds.map((kind) => (
                <div key={kind}>
                  <dt>{nameOf(kind)}</dt>
                  <dd>{t('recordings.retention.days', { count: days[kind] })}</dd>
                </div>
              ))}
            </dl>
            <p className="muted">{t('recordings.retention.tells')}</p>
            {mayChange && <Button onClick={() => edit(days)}>{t('recordings.retention.change')}</Button>}
          </>
        )}
      </WhenRead>
      <EditDrawer<Retention & { reason: string }>
        title={t('recordings.retention.title')}
        initial={edited}
        save={(fields) => send(retention, 'PUT', retentionPath(site), fields)}
        changes={['recording-retention', 'audit']}
        close={() => edit(null)}
      >
        {kinds.map((kind) => (
          <Form.Item
            key={kind}
            name={kind}
            label={nameOf(kind)}
            rules={[{ required: true, message: t('session.missing') }]}
          >
            <InputNumber
              className="day-count"
              min={0}
              max={36_500}
              precision={0}
              suffix={t('recordings.retention.unit')}
            />
          </Form.Item>
        ))}
        <p className="consequence">{t('recordings.retention.shorter')}</p>
        <ReasonField />
      </EditDrawer>
    </section>
  );
}

/** The kinds of ratings by the levels that they have in the site's profile. */
function useKindNames({ profile }: Site): (kind: Kind) => string {
  const { t } = useTranslation();
  const language = useLanguage();
  return (kind) => {
    if (kind === 'unrated') return t('outcome.unrated');
    const levels = profiles[profile].levels.filter(({ polarity }) => polarity === kind);
    return levels.map(({ words }) => words[language]).join(language === 'zh' ? '、' : ', ');
  };
}
