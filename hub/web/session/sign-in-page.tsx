import { Alert, Button, Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { Navigate, useSearchParams } from 'react-router';
import { explain } from '../frame/explain.ts';
import { ProblemError } from '../http/client.ts';
import { Door } from './door.tsx';
import { useMe, useSetupState, useSignIn } from './session.ts';

interface Fields {
  username: string;
  password: string;
}

/** Signing in, and back to where one was. */
export function SignInPage() {
  const { t } = useTranslation();
  const [query] = useSearchParams();
  const me = useMe();
  const setup = useSetupState();
  const signIn = useSignIn();
  const back = query.get('back');
  if (me.data) return <Navigate replace to={isLocal(back) ? back : '/'} />;
  const required = [{ required: true, message: t('session.missing') }];
  return (
    <Door title={t('session.title')} lead={back === null ? t('session.lead') : t('session.ended')}>
      {setup.data?.needed && (
        <Alert type="info" showIcon title={t('session.setupNeeded')} description={t('session.setupHint')} />
      )}
      {signIn.error && <Alert type="error" showIcon role="alert" title={<Refusal error={signIn.error} />} />}
      <Form<Fields> layout="vertical" requiredMark={false} onFinish={(fields) => signIn.mutate(fields)}>
        <Form.Item name="username" label={t('session.username')} rules={required}>
          <Input autoFocus autoComplete="username" autoCapitalize="none" spellCheck={false} size="large" />
        </Form.Item>
        <Form.Item name="password" label={t('session.password')} rules={required}>
          <Input.Password autoComplete="current-password" size="large" />
        </Form.Item>
        <Form.Item>
          <Button type="primary" htmlType="submit" size="large" block loading={signIn.isPending}>
            {t('session.submit')}
          </Button>
        </Form.Item>
      </Form>
    </Door>
  );
}

function Refusal({ error }: { error: Error }) {
  const { t } = useTranslation();
  const status = error instanceof ProblemError ? error.status : -1;
  if (status === 401 || status === 400) return t('session.wrong');
  return explain(error, t).title;
}

/** Only addresses of this dashboard: `//host` would lead away. */
function isLocal(back: string | null): back is string {
  return back?.startsWith('/') === true && !back.startsWith('//') && !back.startsWith('/\\');
}
