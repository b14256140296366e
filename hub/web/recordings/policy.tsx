import type { Site } from '@manyi/config/api';
import { type RecordingPolicy, recordingPolicy } from '@manyi/config/recordings';
import { Button, Form, InputNumber, Radio } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EditDrawer } from '../frame/edit-drawer.tsx';
import { WhenRead } from '../frame/states.tsx';
import { send } from '../http/client.ts';
import { ReasonField } from './reason-field.tsx';
import { policyPath, usePolicy } from './use-rules.ts';

interface RuleProps {
  site: Site;
  mayChange: boolean;
}

/** What a site's terminals record, in words, with what the customer is told; and the form that changes it. */
export function Policy({ site, mayChange }: RuleProps) {
  const { t } = useTranslation();
  const query = usePolicy(site);
  const [edited, edit] = useState<RecordingPolicy | null>(null);
  return (
    <section className="card rule" aria-labelledby="policy-title">
      <h2 id="policy-title">{t('recordings.policy.title')}</h2>
      <WhenRead query={query} rows={3}>
        {(policy) => (
          <>
            <PolicyWords site={site} policy={policy} />
            {mayChange && <Button onClick={() => edit(policy)}>{t('recordings.policy.change')}</Button>}
          </>
        )}
      </WhenRead>
      <PolicyDrawer site={site} edited={edited} close={() => edit(null)} />
    </section>
  );
}

/** Where nobody is called a service is its press, and is recorded around it. */
function isAround({ mode }: Site, record: RecordingPolicy['record']): boolean {
  return record === 'around-rating' || (record === 'service' && mode === 'continuous');
}

function PolicyWords({ site, policy }: { site: Site; policy: RecordingPolicy }) {
  const { t } = useTranslation();
  const { record, keep, beforeSeconds, afterSeconds } = policy;
  if (record === 'off')
    return (
      <>
        <p className="rule-word">{t('recordings.policy.records.off')}</p>
        <p className="muted">{t('recordings.policy.offTells')}</p>
      </>
    );
  return (
    <>
      <p className="rule-word">
        {isAround(site, record)
          ? t('recordings.policy.around', { before: beforeSeconds, after: afterSeconds })
          : t('recordings.policy.records.service')}
      </p>
      <p>{t(`recordings.policy.keeps.${keep}`)}</p>
      <p className="muted">{t('recordings.policy.tells')}</p>
    </>
  );
}

type Fields = RecordingPolicy & { reason: string };

function PolicyDrawer({ site, edited, close }: { site: Site; edited: RecordingPolicy | null; close: () => void }) {
  const { t } = useTranslation();
  return (
    <EditDrawer<Fields>
      title={t('recordings.policy.title')}
      initial={edited}
      save={(fields) => send(recordingPolicy, 'PUT', policyPath(site), { ...edited, ...fields })}
      changes={['recording-policy', 'audit']}
      close={close}
    >
      <Form.Item required name="record" label={t('recordings.policy.record')}>
        <Radio.Group
          className="modes"
          options={recordingPolicy.shape.record.options.map((value) => ({
            value,
            label: (
              <>
                {t(`recordings.policy.records.${value}`)}
                <span className="muted">{t(`recordings.policy.recordHelp.${value}`)}</span>
              </>
            ),
          }))}
        />
      </Form.Item>
      <Form.Item noStyle dependencies={['record']}>
        {(form) => isAround(site, form.getFieldValue('record')) && <Seconds />}
      </Form.Item>
      <Form.Item noStyle dependencies={['record']}>
        {(form) => form.getFieldValue('record') !== 'off' && <Keeping />}
      </Form.Item>
      <Form.Item noStyle dependencies={['record']}>
        {(form) => (
          <p className="consequence">
            {t(form.getFieldValue('record') === 'off' ? 'recordings.policy.offTells' : 'recordings.policy.tells')}
          </p>
        )}
      </Form.Item>
      <ReasonField />
    </EditDrawer>
  );
}

function Seconds() {
  const { t } = useTranslation();
  const rules = [{ required: true, message: t('session.missing') }];
  return (
    <div className="pair">
      <Form.Item name="beforeSeconds" label={t('recordings.policy.before')} rules={rules}>
        <InputNumber min={0} max={300} precision={0} suffix={t('recordings.policy.seconds')} />
      </Form.Item>
      <Form.Item name="afterSeconds" label={t('recordings.policy.after')} rules={rules}>
        <InputNumber min={0} max={300} precision={0} suffix={t('recordings.policy.seconds')} />
      </Form.Item>
    </div>
  );
}

function Keeping() {
  const { t } = useTranslation();
  return (
    <Form.Item required name="keep" label={t('recordings.policy.keep')} extra={t('recordings.policy.keepHelp')}>
      <Radio.Group
        className="modes"
        options={recordingPolicy.shape.keep.unwrap().options.map((value) => ({
          value,
          label: t(`recordings.policy.keeps.${value}`),
        }))}
      />
    </Form.Item>
  );
}
