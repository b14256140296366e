import type { Badge, Clerk, Site } from '@manyi/config/api';
import { Button, Input, Rate, Table, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Nothing, WhenRead } from '../frame/states.tsx';
import { ClerkDrawer } from './clerk-drawer.tsx';
import { Portrait } from './portrait.tsx';
import { useBadges, useClerks, useIsAdministrator } from './use-people.ts';

/** The clerks of a site, with photo, number, stars and badges. */
export function ClerksTab({ site }: { site: Site }) {
  const { t } = useTranslation();
  const clerks = useClerks(site.id);
  const isAdministrator = useIsAdministrator();
  const [edited, edit] = useState<Partial<Clerk> | null>(null);
  const [search, setSearch] = useState('');
  return (
    <>
      <div className="tools">
        <Input.Search
          className="search"
          aria-label={t('common.search')}
          placeholder={t('common.search')}
          allowClear
          onChange={(event) => setSearch(event.target.value)}
        />
        {isAdministrator && (
          <Button type="primary" className="push" onClick={() => edit({ site: site.id, stars: null })}>
            {t('people.clerk.add')}
          </Button>
        )}
      </div>
      <WhenRead query={clerks}>
        {(known) =>
          known.length === 0 ? (
            <Nothing title={t('people.clerk.empty')} detail={t('people.clerk.emptyDetail')}>
              {isAdministrator && <Link to={`/people/import?site=${site.id}`}>{t('people.tabs.import')}</Link>}
            </Nothing>
          ) : (
            <ClerksTable
              clerks={known.filter((clerk) => matches(clerk, search))}
              edit={isAdministrator ? edit : null}
            />
          )
        }
      </WhenRead>
      <ClerkDrawer edited={edited} close={() => edit(null)} />
    </>
  );
}

function matches({ name, number, id }: Clerk, search: string): boolean {
  const wanted = search.trim().toLowerCase();
  return [name, number, id].some((text) => text.toLowerCase().includes(wanted));
}

function ClerksTable({ clerks, edit }: { clerks: readonly Clerk[]; edit: ((clerk: Clerk) => void) | null }) {
  const { t } = useTranslation();
  const { data: badges = [] } = useBadges();
  return (
    <div className="table-card">
      <Table<Clerk>
        rowKey="id"
        size="middle"
        dataSource={[...clerks]}
        pagination={clerks.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
        scroll={{ x: 'max-content' }}
        columns={[
          {
            width: 64,
            title: <span className="hidden-text">{t('people.clerk.photo')}</span>,
            render: (_, clerk) => <Portrait clerk={clerk} size={38} />,
          },
          {
            title: t('people.clerk.name'),
            sorter: (a, b) => a.name.localeCompare(b.name),
            render: (_, clerk) => (
              <>
                <b>{clerk.name}</b> {!clerk.active && <Tag>{t('people.clerk.inactive')}</Tag>}
              </>
            ),
          },
          { title: t('people.clerk.number'), dataIndex: 'number', sorter: (a, b) => a.number.localeCompare(b.number) },
          { title: t('people.clerk.id'), render: (_, clerk) => <span className="code">{clerk.id}</span> },
          { title: t('people.clerk.stars'), render: (_, clerk) => <Stars stars={clerk.stars} /> },
          { title: t('people.clerk.badges'), render: (_, clerk) => <Endings badges={badges} clerk={clerk.id} /> },
          {
            title: <span className="hidden-text">{t('common.actions')}</span>,
            align: 'right',
            fixed: 'right',
            render: (_, clerk) => (
              <span className="row-acts">
                <Link to={`/audit/clerks/${clerk.id}`} aria-label={`${t('people.clerk.heard')}: ${clerk.name}`}>
                  {t('people.clerk.heard')}
                </Link>
                {edit !== null && (
                  <Button type="link" aria-label={`${t('common.edit')}: ${clerk.name}`} onClick={() => edit(clerk)}>
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

function Stars({ stars }: { stars: number | null }) {
  const { t } = useTranslation();
  if (stars === null) return <span className="muted">{t('people.clerk.noStars')}</span>;
  return <Rate disabled value={stars} className="stars" aria-label={`${t('people.clerk.stars')}: ${stars}`} />;
}

function Endings({ badges, clerk }: { badges: readonly Badge[]; clerk: string }) {
  const own = badges.filter((badge) => badge.clerk === clerk);
  if (own.length === 0) return <span className="muted">—</span>;
  return own.map(({ id, ending }) => (
    <Tag key={id} className="code">
      …{ending}
    </Tag>
  ));
}
