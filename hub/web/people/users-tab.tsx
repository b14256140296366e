import type { User } from '@manyi/config/api';
import { Button, Table, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSites } from '../frame/sites.tsx';
import { WhenRead } from '../frame/states.tsx';
import { useMe } from '../session/session.ts';
import { useUsers } from './use-people.ts';
import { UserDrawer } from './user-drawer.tsx';

/** Supervisors and administrators. */
export function UsersTab() {
  const { t } = useTranslation();
  const users = useUsers();
  const [edited, edit] = useState<Partial<User> | null>(null);
  return (
    <>
      <div className="tools">
        <Button type="primary" className="push" onClick={() => edit({ role: 'supervisor', sites: [] })}>
          {t('people.user.add')}
        </Button>
      </div>
      <WhenRead query={users}>{(known) => <UsersTable users={known} edit={edit} />}</WhenRead>
      <UserDrawer edited={edited} close={() => edit(null)} />
    </>
  );
}

function UsersTable({ users, edit }: { users: readonly User[]; edit: (user: User) => void }) {
  const { t } = useTranslation();
  const me = useMe().data;
  const { data: sites = [] } = useSites();
  const nameOf = (id: string) => sites.find((site) => site.id === id)?.name ?? id;
  return (
    <div className="table-card">
      <Table<User>
        rowKey="username"
        dataSource={[...users]}
        pagination={false}
        scroll={{ x: 'max-content' }}
        columns={[
          {
            title: t('people.user.name'),
            render: (_, { name, username }) => (
              <>
                <b>{name}</b> {username === me?.username && <Tag>{t('people.user.you')}</Tag>}
              </>
            ),
          },
          { title: t('people.user.username'), render: (_, user) => <span className="code">{user.username}</span> },
          { title: t('people.user.role'), render: (_, user) => t(`roles.${user.role}`) },
          {
            title: t('people.user.sites'),
            render: (_, user) => user.sites?.map(nameOf).join(', ') ?? t('people.user.allSites'),
          },
          {
            title: <span className="hidden-text">{t('common.actions')}</span>,
            align: 'right',
            fixed: 'right',
            render: (_, user) => (
              <Button type="link" aria-label={`${t('common.edit')}: ${user.name}`} onClick={() => edit(user)}>
                {t('common.edit')}
              </Button>
            ),
          },
        ]}
      />
    </div>
  );
}
