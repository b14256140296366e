import { type newUser, role, type User } from '@manyi/config/api';
import { Form, Input, Radio, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { EditDrawer } from '../frame/edit-drawer.tsx';
import { useRules } from '../frame/rules.ts';
import { useSites } from '../frame/sites.tsx';
import { nothing, send } from '../http/client.ts';
import { useMe } from '../session/session.ts';

type Fields = z.infer<typeof newUser>;

/** Adds, changes or removes a user. One's own password is changed on one's own page, one's own name and role here. */
export function UserDrawer({ edited, close }: { edited: Partial<User> | null; close: () => void }) {
  const { t } = useTranslation();
  const rules = useRules();
  const me = useMe().data;
  const known = edited?.username;
  const isOwn = known !== undefined && known === me?.username;
  const save = ({ username, password, ...fields }: Fields) => {
    const sites = fields.role === 'administrator' || !fields.sites?.length ? null : fields.sites;
    const body = { ...fields, sites, ...(password ? { password } : {}) };
    return known === undefined
      ? send(nothing, 'POST', '/users', { ...body, username })
      : send(nothing, 'PATCH', `/users/${known}`, body);
  };
  const removal =
    known === undefined || isOwn
      ? null
      : {
          ask: t('people.user.removeAsk', { name: edited?.name }),
          detail: t('people.user.removeDetail'),
          run: () => send(nothing, 'DELETE', `/users/${known}`),
          changes: ['users'],
        };
  return (
    <EditDrawer<Fields>
      title={t(known === undefined ? 'people.user.add' : 'people.user.edit')}
      initial={edited}
      save={save}
      removal={removal}
      changes={['users', 'me']}
      close={close}
    >
      <Form.Item name="name" label={t('people.user.name')} rules={rules.required}>
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="username"
        label={t('people.user.username')}
        rules={rules.username}
        extra={t('people.user.usernameHint')}
      >
        <Input autoComplete="off" spellCheck={false} disabled={known !== undefined} />
      </Form.Item>
      <Rights />
      {!isOwn && <Password isNew={known === undefined} />}
    </EditDrawer>
  );
}

function Rights() {
  const { t } = useTranslation();
  const { data: sites = [] } = useSites();
  return (
    <>
      <Form.Item required name="role" label={t('people.user.role')}>
        <Radio.Group
          className="modes"
          options={role.options.toReversed().map((one) => ({
            value: one,
            label: (
              <>
                {t(`roles.${one}`)}
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
    </>
  );
}

function Password({ isNew }: { isNew: boolean }) {
  const { t } = useTranslation();
  const rules = useRules();
  return (
    <Form.Item
      name="password"
      label={t(isNew ? 'people.user.password' : 'people.user.newPassword')}
      rules={isNew ? rules.password : rules.newPassword}
      extra={t(isNew ? 'setup.passwordHint' : 'people.user.newPasswordHint')}
    >
      <Input.Password autoComplete="new-password" />
    </Form.Item>
  );
}
