import type { Site } from '@manyi/config/api';
import { profileIds, profiles } from '@manyi/config/profiles';
import { Button, Form, Input, Radio, Select, Table } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EditDrawer } from '../frame/edit-drawer.tsx';
import { useRules } from '../frame/rules.ts';
import { useSites } from '../frame/sites.tsx';
import { Nothing, WhenRead } from '../frame/states.tsx';
import { nothing, send } from '../http/client.ts';
import { useLanguage } from '../i18n/i18n.ts';
import { useIsAdministrator } from './use-people.ts';

const modes = ['continuous', 'called'] as const;
const zones = Intl.supportedValuesOf('timeZone');
const fresh: Partial<Site> = { timeZone: 'Asia/Shanghai', mode: 'continuous', profile: 'four-key' };

/** The halls: their zone, how services begin there, and the profile of their panels. */
export function SitesTab() {
  const { t } = useTranslation();
  const sites = useSites();
  const isAdministrator = useIsAdministrator();
  const [edited, edit] = useState<Partial<Site> | null>(null);
  return (
    <>
      {isAdministrator && (
        <div className="tools">
          <Button type="primary" className="push" onClick={() => edit(fresh)}>
            {t('people.site.add')}
          </Button>
        </div>
      )}
      <WhenRead query={sites}>
        {(known) =>
          known.length === 0 ? (
            <Nothing title={t('people.site.empty')} detail={t('people.site.emptyDetail')} />
          ) : (
            <SitesTable sites={known} edit={isAdministrator ? edit : null} />
          )
        }
      </WhenRead>
      <SiteDrawer edited={edited} close={() => edit(null)} />
    </>
  );
}

function SitesTable({ sites, edit }: { sites: readonly Site[]; edit: ((site: Site) => void) | null }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <div className="table-card">
      <Table<Site>
        rowKey="id"
        dataSource={[...sites]}
        pagination={false}
        scroll={{ x: 'max-content' }}
        columns={[
          { title: t('people.site.name'), render: (_, site) => <b>{site.name}</b> },
          { title: t('people.site.id'), render: (_, site) => <span className="code">{site.id}</span> },
          { title: t('people.site.mode'), render: (_, site) => t(`people.site.modes.${site.mode}`) },
          { title: t('people.site.profile'), render: (_, site) => profiles[site.profile].words[language] },
          { title: t('people.site.timeZone'), dataIndex: 'timeZone' },
          {
            align: 'right',
            render: (_, site) =>
              edit !== null && (
                <Button type="link" aria-label={`${t('common.edit')}: ${site.name}`} onClick={() => edit(site)}>
                  {t('common.edit')}
                </Button>
              ),
          },
        ]}
      />
    </div>
  );
}

function SiteDrawer({ edited, close }: { edited: Partial<Site> | null; close: () => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const rules = useRules();
  const id = edited?.id;
  const save = ({ id: given, ...change }: Site) =>
    id === undefined
      ? send(nothing, 'POST', '/sites', { id: given, ...change })
      : send(nothing, 'PATCH', `/sites/${id}`, change);
  return (
    <EditDrawer<Site>
      title={t(id === undefined ? 'people.site.add' : 'people.site.edit')}
      initial={edited}
      save={save}
      changes={['sites', 'floor']}
      close={close}
    >
      <Form.Item name="name" label={t('people.site.name')} rules={rules.required}>
        <Input autoFocus />
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
