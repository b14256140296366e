import type { Counter, Site } from '@manyi/config/api';
import { Button, Drawer, Table } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CsvImport } from '../frame/csv-import.tsx';
import { Nothing, WhenRead } from '../frame/states.tsx';
import { useIsAdministrator } from '../people/use-people.ts';
import { CounterDrawer } from './counter-drawer.tsx';
import { inOrder, useCounters, useTerminals } from './use-terminals.ts';

const example = 'id,name\ncounter-1,1 号窗口\ncounter-2,2 号窗口';

/** The places of service of a site. */
export function CountersTab({ site }: { site: Site }) {
  const { t } = useTranslation();
  const counters = useCounters(site.id);
  const isAdministrator = useIsAdministrator();
  const [edited, edit] = useState<Partial<Counter> | null>(null);
  const [importing, setImporting] = useState(false);
  return (
    <>
      {isAdministrator && (
        <div className="tools">
          <Button className="push" onClick={() => setImporting(true)}>
            {t('terminals.counter.import')}
          </Button>
          <Button type="primary" onClick={() => edit({})}>
            {t('terminals.counter.add')}
          </Button>
        </div>
      )}
      <WhenRead query={counters}>
        {(known) =>
          known.length === 0 ? (
            <Nothing title={t('terminals.counter.empty')} detail={t('terminals.counter.emptyDetail')} />
          ) : (
            <CountersTable site={site} counters={known} edit={isAdministrator ? edit : null} />
          )
        }
      </WhenRead>
      <CounterDrawer site={site} edited={edited} close={() => edit(null)} />
      <Drawer
        open={importing}
        onClose={() => setImporting(false)}
        title={t('terminals.counter.import')}
        size={520}
        destroyOnHidden
      >
        <CsvImport
          path={`/counters/import?site=${site.id}`}
          lead={t('terminals.counter.importLead')}
          columns={t('terminals.counter.importColumns')}
          example={example}
          changes={['counters', 'floor']}
        />
      </Drawer>
    </>
  );
}

interface CountersTableProps {
  site: Site;
  counters: readonly Counter[];
  edit: ((counter: Counter) => void) | null;
}

function CountersTable({ site, counters, edit }: CountersTableProps) {
  const { t } = useTranslation();
  const { data: terminals = [] } = useTerminals(site.id);
  const standing = (counter: string) =>
    terminals.filter((terminal) => terminal.counter === counter).map(({ id }) => id);
  return (
    <div className="table-card">
      <Table<Counter>
        rowKey="id"
        size="middle"
        dataSource={counters.toSorted((a, b) => inOrder(a.name, b.name))}
        pagination={counters.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
        scroll={{ x: 'max-content' }}
        columns={[
          { title: t('terminals.counter.name'), render: (_, counter) => <b>{counter.name}</b> },
          { title: t('terminals.counter.id'), render: (_, counter) => <span className="code">{counter.id}</span> },
          {
            title: t('terminals.counter.terminal'),
            render: (_, counter) => standing(counter.id).join(', ') || t('floor.noTerminal'),
          },
          {
            title: <span className="hidden-text">{t('common.actions')}</span>,
            align: 'right',
            fixed: 'right',
            render: (_, counter) =>
              edit !== null && (
                <Button type="link" aria-label={`${t('common.edit')}: ${counter.name}`} onClick={() => edit(counter)}>
                  {t('common.edit')}
                </Button>
              ),
          },
        ]}
      />
    </div>
  );
}
