import { type newUser, role, type User } from '@manyi/config/api';
import { Button, Form, Input, Radio, Select, Table } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { EditDrawer } from '../frame/edit-drawer.tsx';
import { useRules } from '../frame/rules.ts';
import { useSites } from '../frame/sites.tsx';
import { WhenRead } from '../frame/states.tsx';
import { nothing, send } from '../http/client.ts';
import { useUsers } from './use-people.ts';

type Fields = z.infer<typeof newUser>;

/** Supervisors and administrators. */
export function UsersTab() {
  const { t } = useTranslation();
  const users = useUsers();
  const { data: sites = [] } = useSites();
  const [added, add] = useState<Partial<Fields> | null>(null);
  const nameOf = (id: string) => sites.find((site) => site.id === id)?.name ?? id;
  return (
    <>
      <div className="tools">
        <Button type="primary" className="push" onClick={() => add({ role: 'supervisor', sites: [] })}>
          {t('people.user.add')}
        </Button>
      </div>
      <WhenRead query={users}>
        {(known) => (
          <div className="table-card">
            <Table<User>
              rowKey="username"
              dataSource={known}
              pagination={false}
              columns={[
                { title: t('people.user.name'), render: (_, user) => <b>{user.name}</b> },
                {
                  title: t('people.user.username'),
                  render: (_, user) => <span className="code">{user.username}</span>,
                },
                { title: t('people.user.role'), render: (_, user) => t(`nav.${user.role}`) },
                {
                  title: t('people.user.sites'),
                  render: (_, user) => user.sites?.map(nameOf).join(', ') ?? t('people.user.allSites'),
                },
              ]}
            />
          </div>
        )}
      </WhenRead>
      <UserDrawer added={added} close={() => add(null)} />
    </>
  );
}

function UserDrawer({ added, close }: { added: Partial<Fields> | null; close: () => void }) {
  const { t } = useTranslation();
  const rules = useRules();
  const { data: sites = [] } = useSites();
  const save = (fields: Fields) => {
    const chosen = fields.role === 'administrator' || !fields.sites?.length ? null : fields.sites;
    return send(nothing, 'POST', '/users', { ...fields, sites: chosen });
  };
  return (
    <EditDrawer<Fields> title={t('people.user.add')} initial={added} save={save} changes={['users']} close={close}>
      <Form.Item name="name" label={t('people.user.name')} rules={rules.required}>
        <Input autoFocus autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="username"
        label={t('people.user.username')}
        rules={rules.username}
        extra={t('people.user.usernameHint')}
      >
        <Input autoComplete="off" spellCheck={false} />
      </Form.Item>
      <Form.Item required name="role" label={t('people.user.role')}>
        <Radio.Group
          className="modes"
          options={role.options.toReversed().map((one) => ({
            value: one,
            label: (
              <>
                {t(`nav.${one}`)}
                <span className="muted">{t(`people.user.roleHelp.${one}`)}</span>
              </>
            ),
          }))}
        />
      </Form.Item>
      <Form.Item noStyle dependencies={['role']}>
        {(form) =>
          form.getFieldValue('role') === 'supervisor' && (
            <Form.Item name="sites" label={t('people.user.sites')} extra={t('people.user.sitesHint')}>
              <Select mode="multiple" options={sites.map(({ id, name }) => ({ value: id, label: name }))} />
            </Form.Item>
          )
        }
      </Form.Item>
      <Form.Item
        name="password"
        label={t('people.user.password')}
        rules={rules.password}
        extra={t('setup.passwordHint')}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
    </EditDrawer>
  );
}
