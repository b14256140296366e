import type { Site } from '@manyi/config/api';
import { profileIds, profiles } from '@manyi/config/profiles';
import { Form, Input, Radio, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { EditDrawer } from '../frame/edit-drawer.tsx';
import { useRules } from '../frame/rules.ts';
import { nothing, send } from '../http/client.ts';
import { useLanguage } from '../i18n/i18n.ts';

const modes = ['continuous', 'called'] as const;
const zones = Intl.supportedValuesOf('timeZone');

/** Adds or changes a site, and removes one that was never used. */
export function SiteDrawer({ edited, close }: { edited: Partial<Site> | null; close: () => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const rules = useRules();
  const id = edited?.id;
  const save = ({ id: given, ...change }: Site) =>
    id === undefined
      ? send(nothing, 'POST', '/sites', { id: given, ...change })
      : send(nothing, 'PATCH', `/sites/${id}`, change);
  const removal =
    id === undefined
      ? null
      : {
          ask: t('people.site.removeAsk', { name: edited?.name }),
          detail: t('people.site.removeDetail'),
          run: () => send(nothing, 'DELETE', `/sites/${id}`),
          changes: ['sites', 'floor'],
        };
  return (
    <EditDrawer<Site>
      title={t(id === undefined ? 'people.site.add' : 'people.site.edit')}
      initial={edited}
      save={save}
      changes={['sites', 'floor']}
      removal={removal}
      close={close}
    >
      <Form.Item name="name" label={t('people.site.name')} rules={rules.required}>
        <Input />
      </Form.Item>
      <Form.Item name="id" label={t('people.site.id')} rules={rules.id} extra={t('terminals.counter.idHint')}>
        <Input disabled={id !== undefined} spellCheck={false} />
      </Form.Item>
      <Form.Item required name="mode" label={t('people.site.mode')}>
        <Radio.Group
          className="modes"
          options={modes.map((mode) => ({
            value: mode,
            label: (
              <>
                {t(`people.site.modes.${mode}`)}
                <span className="muted">{t(`people.site.modeHelp.${mode}`)}</span>
              </>
            ),
          }))}
        />
      </Form.Item>
      <Form.Item required name="profile" label={t('people.site.profile')}>
        <Select options={profileIds.map((one) => ({ value: one, label: profiles[one].words[language] }))} />
      </Form.Item>
      <Form.Item
        name="timeZone"
        label={t('people.site.timeZone')}
        extra={t('people.site.timeZoneHint')}
        rules={rules.required}
      >
        <Select showSearch options={zones.map((zone) => ({ value: zone, label: zone }))} />
      </Form.Item>
    </EditDrawer>
  );
}
