import type { Counter, Site } from '@manyi/config/api';
import { Button, Form, Input, Table } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EditDrawer } from '../frame/edit-drawer.tsx';
import { useRules } from '../frame/rules.ts';
import { Nothing, WhenRead } from '../frame/states.tsx';
import { nothing, send } from '../http/client.ts';
import { useIsAdministrator } from '../people/use-people.ts';
import { inOrder, useCounters, useTerminals } from './use-terminals.ts';

/** The places of service of a site. */
export function CountersTab({ site }: { site: Site }) {
  const { t } = useTranslation();
  const counters = useCounters(site.id);
  const isAdministrator = useIsAdministrator();
  const rules = useRules();
  const [edited, edit] = useState<Partial<Counter> | null>(null);
  const id = edited?.id;
  const save = ({ id: given, name }: Counter) =>
    id === undefined
      ? send(nothing, 'POST', '/counters', { id: given, site: site.id, name })
      : send(nothing, 'PATCH', `/sites/${site.id}/counters/${id}`, { name });
  return (
    <>
      {isAdministrator && (
        <div className="tools">
          <Button type="primary" className="push" onClick={() => edit({})}>
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
      <EditDrawer<Counter>
        title={t(id === undefined ? 'terminals.counter.add' : 'terminals.counter.edit')}
        initial={edited}
        save={save}
        changes={['counters', 'floor']}
        close={() => edit(null)}
      >
        <Form.Item
          name="name"
          label={t('terminals.counter.name')}
          rules={rules.required}
          extra={t('terminals.counter.nameHint')}
        >
          <Input autoFocus />
        </Form.Item>
        <Form.Item name="id" label={t('terminals.counter.id')} rules={rules.id} extra={t('terminals.counter.idHint')}>
          <Input disabled={id !== undefined} spellCheck={false} />
        </Form.Item>
      </EditDrawer>
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
        columns={[
          { title: t('terminals.counter.name'), render: (_, counter) => <b>{counter.name}</b> },
          { title: t('terminals.counter.id'), render: (_, counter) => <span className="code">{counter.id}</span> },
          {
            title: t('terminals.counter.terminal'),
            render: (_, counter) => standing(counter.id).join(', ') || t('floor.noTerminal'),
          },
          {
            align: 'right',
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
