import { token } from '@manyi/config/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { useRules } from '../frame/rules.ts';
import { Refused } from '../frame/states.tsx';
import { send } from '../http/client.ts';
import { useMe } from '../session/session.ts';

interface Fields {
  password: string;
  newPassword: string;
  repeat: string;
}

/** Changing one's own password. The hub gives this browser a new session, and ends the others. */
export function OwnPassword() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const cache = useQueryClient();
  const rules = useRules();
  const me = useMe().data;
  const [form] = Form.useForm<Fields>();
  const changing = useMutation({
    mutationFn: ({ password, newPassword }: Fields) => send(token, 'PUT', '/me/password', { password, newPassword }),
    onSuccess: async () => {
      form.resetFields();
      void message.success(t('account.password.done'));
      await cache.invalidateQueries({ queryKey: ['tokens'] });
    },
  });
  return (
    <section className="card" aria-labelledby="password-title">
      <h2 id="password-title">{t('account.password.title')}</h2>
      <p className="muted">{t('account.password.lead')}</p>
      {changing.error && <Refused error={changing.error} />}
      <Form<Fields> form={form} layout="vertical" requiredMark={false} onFinish={(fields) => changing.mutate(fields)}>
        <input type="text" name="username" autoComplete="username" value={me?.username ?? ''} readOnly hidden />
        <Form.Item name="password" label={t('account.password.current')} rules={rules.required}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Form.Item
          name="newPassword"
          label={t('setup.password')}
          rules={rules.password}
          extra={t('setup.passwordHint')}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Form.Item
          name="repeat"
          label={t('setup.repeat')}
          dependencies={['newPassword']}
          rules={rules.repeats('newPassword')}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={changing.isPending}>
          {t('account.password.submit')}
        </Button>
      </Form>
    </section>
  );
}
