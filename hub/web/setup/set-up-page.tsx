import { setup } from '@manyi/config/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { explain } from '../frame/explain.ts';
import { useRules } from '../frame/rules.ts';
import { nothing, ProblemError, send } from '../http/client.ts';
import { Door } from '../session/door.tsx';
import { useSetupState, useSignIn } from '../session/session.ts';

interface Fields {
  code: string;
  password: string;
  repeat: string;
}

/** Makes the first administrator with the code of the hub's one-time link, and signs in as it. */
export function SetUpPage() {
  const { t } = useTranslation();
  const state = useSetupState();
  if (state.data?.needed === false) {
    return (
      <Door title={t('setup.title')} lead={t('setup.done')}>
        <p style={{ margin: '18px 0' }}>
          <Link to="/sign-in">{t('setup.toSignIn')}</Link>
        </p>
      </Door>
    );
  }
  return (
    <Door title={t('setup.title')} lead={t('setup.lead')}>
      <SetUpForm />
    </Door>
  );
}

function SetUpForm() {
  const { t } = useTranslation();
  const [query] = useSearchParams();
  const rules = useRules();
  const making = useMakeAdministrator();
  const code = query.get('code');
  return (
    <>
      {making.error && <Alert type="error" showIcon role="alert" title={<Refusal error={making.error} />} />}
      <Form<Fields>
        layout="vertical"
        requiredMark={false}
        initialValues={{ code: code ?? '' }}
        onFinish={(fields) => making.mutate(fields)}
      >
        <Form.Item
          name="code"
          label={t('setup.code')}
          hidden={code !== null && making.error === null}
          extra={t('setup.codeHint')}
          rules={rules.required}
        >
          <Input autoComplete="off" spellCheck={false} />
        </Form.Item>
        <input type="text" name="username" autoComplete="username" value="admin" readOnly hidden />
        <Form.Item name="password" label={t('setup.password')} extra={t('setup.passwordHint')} rules={rules.password}>
          <Input.Password autoFocus autoComplete="new-password" size="large" />
        </Form.Item>
        <Form.Item
          name="repeat"
          label={t('setup.repeat')}
          dependencies={['password']}
          rules={rules.repeats('password')}
        >
          <Input.Password autoComplete="new-password" size="large" />
        </Form.Item>
        <Form.Item>
          <Button type="primary" htmlType="submit" size="large" block loading={making.isPending}>
            {t('setup.submit')}
          </Button>
        </Form.Item>
      </Form>
    </>
  );
}

function useMakeAdministrator() {
  const navigate = useNavigate();
  const cache = useQueryClient();
  const signIn = useSignIn();
  return useMutation({
    mutationFn: async ({ code, password }: Fields) => {
      await send(nothing, 'POST', '/setup', setup.parse({ code, password }));
      await signIn.mutateAsync({ username: 'admin', password });
    },
    onSuccess: async () => {
      await navigate('/', { replace: true });
      cache.removeQueries({ queryKey: ['setup'] });
    },
  });
}

function Refusal({ error }: { error: Error }) {
  const { t } = useTranslation();
  const refused = error instanceof ProblemError && [400, 401, 403, 404, 409, 410].includes(error.status);
  return refused ? t('setup.refused') : explain(error, t).title;
}
