import type { Site } from '@manyi/config/api';
import { profiles } from '@manyi/config/profiles';
import { Button, Table } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useSites } from '../frame/sites.tsx';
import { Nothing, WhenRead } from '../frame/states.tsx';
import { useLanguage } from '../i18n/i18n.ts';
import { SiteDrawer } from './site-drawer.tsx';
import { useIsAdministrator } from './use-people.ts';

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
            title: <span className="hidden-text">{t('common.actions')}</span>,
            align: 'right',
            fixed: 'right',
            render: (_, site) => (
              <span className="row-acts">
                <Link
                  to={`/recordings/rules?site=${site.id}`}
                  aria-label={`${t('recordings.rules.title')}: ${site.name}`}
                >
                  {t('recordings.rules.title')}
                </Link>
                {edit !== null && (
                  <Button type="link" aria-label={`${t('common.edit')}: ${site.name}`} onClick={() => edit(site)}>
                    {t('common.edit')}
                  </Button>
                )}
              </span>
            ),
          },
        ]}
      />
    </div>
  );
}
