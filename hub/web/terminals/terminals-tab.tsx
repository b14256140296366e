import type { Completeness, Site, Terminal } from '@manyi/config/api';
import { localDate } from '@manyi/config/zone';
import { Button, DatePicker, Table } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Help } from '../frame/help.tsx';
import { useNow } from '../frame/now.ts';
import { Nothing, WhenRead } from '../frame/states.tsx';
import { useIsAdministrator } from '../people/use-people.ts';
import { Delivered } from './delivered.tsx';
import { EnrolmentDrawer } from './enrolment-drawer.tsx';
import { HealthWords } from './health-words.tsx';
import { PresenceWords } from './presence-words.tsx';
import { TerminalDrawer } from './terminal-drawer.tsx';
import { inOrder, useCompleteness, useCounters, useTerminals } from './use-terminals.ts';

/** The terminals of a site, each with its presence, health and completeness on a day. */
export function TerminalsTab({ site }: { site: Site }) {
  const { t } = useTranslation();
  const terminals = useTerminals(site.id);
  const isAdministrator = useIsAdministrator();
  const today = localDate(useNow(60_000), site.timeZone);
  const [chosen, choose] = useState<string | null>(null);
  const [enrolling, enrol] = useState(false);
  const [managed, manage] = useState<string | null>(null);
  const day = chosen ?? today;
  return (
    <>
      <div className="tools">
        <label className="muted" htmlFor="completeness-day">
          {t('terminals.day')}
        </label>
        <DatePicker
          id="completeness-day"
          allowClear={false}
          value={dayjs(day)}
          maxDate={dayjs(today)}
          onChange={(date) => choose(date === null ? null : date.format('YYYY-MM-DD'))}
        />
        {isAdministrator && (
          <Button type="primary" className="push" onClick={() => enrol(true)}>
            {t('terminals.enrol')}
          </Button>
        )}
      </div>
      <WhenRead query={terminals}>
        {(known) =>
          known.length === 0 ? (
            <Nothing title={t('terminals.empty')} detail={t('terminals.emptyDetail')} />
          ) : (
            <TerminalsTable
              site={site}
              terminals={known}
              day={day}
              manage={isAdministrator ? ({ id }) => manage(id) : null}
            />
          )
        }
      </WhenRead>
      {isAdministrator && (
        <>
          <EnrolmentDrawer site={site} terminals={terminals.data ?? []} open={enrolling} close={() => enrol(false)} />
          <TerminalDrawer
            site={site}
            terminal={terminals.data?.find(({ id }) => id === managed) ?? null}
            close={() => manage(null)}
          />
        </>
      )}
    </>
  );
}

type Row = Terminal & { delivered: Completeness | undefined };

interface TerminalsTableProps {
  site: Site;
  terminals: readonly Terminal[];
  day: string;
  manage: ((terminal: Terminal) => void) | null;
}

function TerminalsTable({ site, terminals, day, manage }: TerminalsTableProps) {
  const { t } = useTranslation();
  const { data: counters = [] } = useCounters(site.id);
  const delivered = useCompleteness(terminals, day);
  const nameOf = (id: string) => counters.find((counter) => counter.id === id)?.name ?? id;
  const rows = terminals.map((terminal, index): Row => ({ ...terminal, delivered: delivered[index] }));
  return (
    <div className="table-card">
      <Table<Row>
        rowKey="id"
        dataSource={rows.toSorted((a, b) => inOrder(a.id, b.id))}
        pagination={rows.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
        scroll={{ x: 'max-content' }}
        columns={[
          { title: t('common.terminal'), sorter: (a, b) => inOrder(a.id, b.id), render: (_, row) => <b>{row.id}</b> },
          {
            title: t('common.counter'),
            sorter: (a, b) => inOrder(nameOf(a.counter), nameOf(b.counter)),
            render: (_, row) => nameOf(row.counter),
          },
          { title: t('terminals.presence'), render: (_, row) => <PresenceWords terminal={row} /> },
          {
            title: <Help word={t('terminals.completeness')} help={t('terminals.completenessHelp')} />,
            sorter: (a, b) => gaps(a) - gaps(b),
            render: (_, row) => <Delivered of={row.delivered} />,
          },
          { title: t('terminals.health'), render: (_, row) => <HealthWords site={site} terminal={row} /> },
          {
            title: <span className="hidden-text">{t('common.actions')}</span>,
            align: 'right',
            fixed: 'right',
            render: (_, row) =>
              manage !== null && (
                <Button type="link" aria-label={`${t('common.edit')}: ${row.id}`} onClick={() => manage(row)}>
                  {t('common.edit')}
                </Button>
              ),
          },
        ]}
      />
    </div>
  );
}

function gaps({ delivered }: Row): number {
  return delivered === undefined ? 0 : delivered.missing + delivered.quarantined;
}
