import { type MachineToken, machineToken, page, token } from '@manyi/config/api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input, Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { RemoveButton } from '../frame/remove-button.tsx';
import { useRules } from '../frame/rules.ts';
import { Refused, WhenRead } from '../frame/states.tsx';
import { nothing, read, send } from '../http/client.ts';

/** The tokens of programs that act for the user: made here, shown once, taken away here. */
export function Tokens() {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: ['tokens'], queryFn: () => read(page(machineToken), '/tokens') });
  return (
    <section className="card" aria-labelledby="tokens-title">
      <h2 id="tokens-title">{t('account.tokens.title')}</h2>
      <p className="muted">
        {t('account.tokens.lead')}{' '}
        <a href="/docs" target="_blank" rel="noreferrer">
          {t('account.tokens.docs')}
        </a>
      </p>
      <MakeToken />
      <WhenRead query={query} rows={3}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="muted">{t('account.tokens.empty')}</p>
          ) : (
            <ul className="token-list">
              {items.map((one) => (
                <TokenLine key={one.id} of={one} />
              ))}
            </ul>
          )
        }
      </WhenRead>
    </section>
  );
}

function MakeToken() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const rules = useRules();
  const [form] = Form.useForm<{ label: string }>();
  const making = useMutation({
    mutationFn: (fields: { label: string }) => send(token, 'POST', '/tokens', fields),
    onSuccess: async () => {
      form.resetFields();
      await cache.invalidateQueries({ queryKey: ['tokens'] });
    },
  });
  return (
    <>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(fields) => making.mutate(fields)}>
        <Form.Item
          name="label"
          label={t('account.tokens.label')}
          rules={rules.required}
          extra={t('account.tokens.labelHint')}
        >
          <Input autoComplete="off" maxLength={100} />
        </Form.Item>
        <Button htmlType="submit" loading={making.isPending}>
          {t('account.tokens.add')}
        </Button>
      </Form>
      {making.error && <Refused error={making.error} />}
      {making.data && (
        <div className="token-made" role="status">
          <b>{t('account.tokens.once')}</b>
          <Typography.Paragraph
            className="code"
            copyable={{ text: making.data.token, tooltips: [t('common.copy'), t('common.copied')] }}
          >
            {making.data.token}
          </Typography.Paragraph>
        </div>
      )}
    </>
  );
}

function TokenLine({ of: { id, label } }: { of: MachineToken }) {
  const { t } = useTranslation();
  const removal = {
    word: t('account.tokens.remove'),
    ask: t('account.tokens.removeAsk', { label }),
    detail: t('account.tokens.removeDetail'),
    run: () => send(nothing, 'DELETE', `/tokens/${encodeURIComponent(id)}`),
    changes: ['tokens'],
  };
  return (
    <li>
      <span>{label}</span>
      <RemoveButton type="link" removal={removal} label={`${t('account.tokens.remove')}: ${label}`} />
    </li>
  );
}
