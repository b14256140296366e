import { type newSetAside, type Service, service, setAsideWhy } from '@manyi/config/api';
import { Button, Form, Input, Radio } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { EditDrawer } from '../frame/edit-drawer.tsx';
import { useRules } from '../frame/rules.ts';
import { send } from '../http/client.ts';

type Fields = z.infer<typeof newSetAside>;
type Decided = 'setAside' | 'restore';

/** Sets the rating of a service aside, with a reason, or takes it back into the scores. */
export function Decision({ found }: { found: Service }) {
  const { t } = useTranslation();
  const rules = useRules();
  // What the form was opened for: meanwhile somebody else may have decided.
  const [chosen, choose] = useState<Decided | null>(null);
  const next = found.setAside ? 'restore' : 'setAside';
  const word = t(`service.decide.${chosen ?? next}`);
  const path = `/services/${encodeURIComponent(found.service)}`;
  const save = ({ why, note }: Fields) =>
    chosen === 'restore'
      ? send(service, 'POST', `${path}/restore`, { note })
      : send(service, 'POST', `${path}/set-aside`, { why, note });
  return (
    <>
      <Button className="decide" onClick={() => choose(next)}>
        {t(`service.decide.${next}`)}
      </Button>
      <EditDrawer<Fields>
        title={word}
        submit={word}
        initial={chosen === null ? null : { why: 'misuse' }}
        save={save}
        changes={['service', 'scores', 'ratings', 'floor', 'bad-ratings']}
        close={() => choose(null)}
      >
        {chosen === 'setAside' && (
          <Form.Item required name="why" label={t('service.decide.why')}>
            <Radio.Group
              className="modes"
              options={setAsideWhy.options.map((why) => ({
                value: why,
                label: (
                  <>
                    {t(`service.why.${why}`)}
                    <span className="muted">{t(`service.whyHelp.${why}`)}</span>
                  </>
                ),
              }))}
            />
          </Form.Item>
        )}
        <Form.Item
          name="note"
          label={t('service.decide.note')}
          rules={rules.required}
          extra={t('service.decide.noteHint')}
        >
          <Input.TextArea rows={4} maxLength={500} />
        </Form.Item>
      </EditDrawer>
    </>
  );
}
