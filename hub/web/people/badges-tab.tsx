import type { Badge, Clerk, Site } from '@manyi/config/api';
import { Button, Form, Input, Select, Table } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EditDrawer } from '../frame/edit-drawer.tsx';
import { RemoveButton } from '../frame/remove-button.tsx';
import { useRules } from '../frame/rules.ts';
import { Nothing, WhenRead } from '../frame/states.tsx';
import { nothing, send } from '../http/client.ts';
import { useBadges, useClerks, useIsAdministrator } from './use-people.ts';

interface Fields {
  badge: string;
  clerk: string;
}

/** Which badge is whose. Codes are never shown: nobody has them. */
export function BadgesTab({ site }: { site: Site }) {
  const { t } = useTranslation();
  const badges = useBadges();
  const { data: clerks = [] } = useClerks(site.id);
  const rules = useRules();
  const isAdministrator = useIsAdministrator();
  const [given, give] = useState<Partial<Fields> | null>(null);
  return (
    <>
      <div className="tools">
        <span className="muted">{t('people.badge.note')}</span>
        {isAdministrator && (
          <Button type="primary" className="push" onClick={() => give({})}>
            {t('people.badge.add')}
          </Button>
        )}
      </div>
      <WhenRead query={badges}>{(known) => <BadgesTable badges={known} clerks={clerks} />}</WhenRead>
      <EditDrawer<Fields>
        title={t('people.badge.add')}
        initial={given}
        save={(fields) => send(nothing, 'POST', '/badges', fields)}
        changes={['badges']}
        close={() => give(null)}
      >
        <Form.Item name="clerk" label={t('people.badge.clerk')} rules={rules.required}>
          <Select
            showSearch={{ optionFilterProp: 'label' }}
            options={clerks
              .filter(({ active }) => active)
              .map(({ id, name, number }) => ({ value: id, label: `${name} · ${number}` }))}
          />
        </Form.Item>
        <Form.Item name="badge" label={t('people.badge.code')} rules={rules.badge} extra={t('people.badge.codeHint')}>
          <Input autoComplete="off" spellCheck={false} />
        </Form.Item>
      </EditDrawer>
    </>
  );
}

function BadgesTable({ badges, clerks }: { badges: readonly Badge[]; clerks: readonly Clerk[] }) {
  const { t } = useTranslation();
  const isAdministrator = useIsAdministrator();
  const byId = new Map(clerks.map((clerk) => [clerk.id, clerk]));
  const here = badges.filter(({ clerk }) => byId.has(clerk));
  if (here.length === 0) return <Nothing title={t('people.badge.empty')} detail={t('people.badge.emptyDetail')} />;
  return (
    <div className="table-card">
      <Table<Badge>
        rowKey="id"
        size="middle"
        dataSource={here}
        pagination={here.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
        scroll={{ x: 'max-content' }}
        columns={[
          { title: t('people.badge.clerk'), render: (_, badge) => <b>{byId.get(badge.clerk)?.name ?? badge.clerk}</b> },
          { title: t('people.clerk.number'), render: (_, badge) => byId.get(badge.clerk)?.number },
          { title: t('people.badge.ending'), render: (_, badge) => <span className="code">…{badge.ending}</span> },
          {
            title: <span className="hidden-text">{t('common.actions')}</span>,
            align: 'right',
            fixed: 'right',
            render: (_, badge) => isAdministrator && <TakeBack badge={badge} />,
          },
        ]}
      />
    </div>
  );
}

function TakeBack({ badge: { id, ending } }: { badge: Badge }) {
  const { t } = useTranslation();
  const removal = {
    word: t('people.badge.remove'),
    ask: t('people.badge.removeAsk', { ending }),
    detail: t('people.badge.removeDetail'),
    run: () => send(nothing, 'DELETE', `/badges/${encodeURIComponent(id)}`),
    changes: ['badges'],
  };
  return <RemoveButton type="link" removal={removal} label={`${t('people.badge.remove')}: …${ending}`} />;
}
