import { enrolmentCode, type Site, type Terminal } from '@manyi/config/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Drawer, Form, Input, Select, Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { useFirstField } from '../frame/first-field.ts';
import { useRules } from '../frame/rules.ts';
import { Refused } from '../frame/states.tsx';
import { send } from '../http/client.ts';
import { useFormat } from '../i18n/format.ts';
import { inOrder, useCounters } from './use-terminals.ts';
import { WaitingAlert } from './waiting-words.tsx';

interface EnrolmentDrawerProps {
  site: Site;
  terminals: readonly Terminal[];
  open: boolean;
  close: () => void;
}

interface Fields {
  counter: string;
  terminal: string;
}

/** Makes the one-time code with which a device becomes a terminal of the site. */
export function EnrolmentDrawer({ site, terminals, open, close }: EnrolmentDrawerProps) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const making = useMutation({
    mutationFn: (fields: Fields) => send(enrolmentCode, 'POST', '/enrolments', { site: site.id, ...fields }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['terminals'] }),
  });
  const firstField = useFirstField();
  const end = () => {
    making.reset();
    close();
  };
  return (
    <Drawer
      open={open}
      onClose={end}
      title={t('terminals.enrolment.title')}
      size={460}
      autoFocus={false}
      destroyOnHidden
    >
      {making.data === undefined ? (
        <div ref={firstField.ref}>
          <p className="muted lead">{t('terminals.enrolment.lead')}</p>
          {making.error && <Refused error={making.error} />}
          <EnrolmentForm site={site} terminals={terminals} isPending={making.isPending} make={making.mutate} />
        </div>
      ) : (
        <Code
          site={site}
          terminal={making.variables.terminal}
          code={making.data.code}
          expires={making.data.expires}
          close={end}
        />
      )}
    </Drawer>
  );
}

interface EnrolmentFormProps {
  site: Site;
  terminals: readonly Terminal[];
  isPending: boolean;
  make: (fields: Fields) => void;
}

function EnrolmentForm({ site, terminals, isPending, make }: EnrolmentFormProps) {
  const { t } = useTranslation();
  const rules = useRules();
  const [form] = Form.useForm<Fields>();
  const { data: counters = [] } = useCounters(site.id);
  const chosen = Form.useWatch('terminal', form) ?? '';
  /** The terminal that stands there is replaced; an empty counter gets one by its own name. */
  const suggest = (counter: string) => {
    const standing = terminals.find((terminal) => terminal.counter === counter)?.id;
    form.setFieldValue('terminal', standing ?? freeId(counter, terminals));
  };
  return (
    <Form<Fields> form={form} layout="vertical" requiredMark="optional" onFinish={make}>
      <Form.Item name="counter" label={t('common.counter')} rules={rules.required}>
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          onChange={suggest}
          options={counters
            .toSorted((a, b) => inOrder(a.name, b.name))
            .map(({ id, name }) => ({ value: id, label: name }))}
        />
      </Form.Item>
      <Form.Item
        name="terminal"
        label={t('terminals.enrolment.id')}
        rules={rules.id}
        extra={t('terminals.enrolment.idHint')}
      >
        <Input spellCheck={false} />
      </Form.Item>
      <WaitingAlert chosen={chosen} terminals={terminals} />
      <div className="form-end">
        <Button type="primary" htmlType="submit" loading={isPending}>
          {t('terminals.enrolment.submit')}
        </Button>
      </div>
    </Form>
  );
}

function freeId(counter: string, terminals: readonly Terminal[]): string {
  const wanted = counter.replace(/^counter/, 'terminal');
  const taken = new Set(terminals.map(({ id }) => id));
  if (!taken.has(wanted)) return wanted;
  let number = 2;
  while (taken.has(`${wanted}-${number}`)) number += 1;
  return `${wanted}-${number}`;
}

interface CodeProps {
  site: Site;
  terminal: string;
  code: string;
  expires: string;
  close: () => void;
}

function Code({ site, terminal, code, expires, close }: CodeProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const settings = `MANYI_HUB_URL=${location.origin}\nMANYI_ENROLMENT_CODE=${code}`;
  return (
    <div className="enrolment-code" role="status">
      <h3>{t('terminals.enrolment.ready', { terminal })}</h3>
      <p className="big-code code">{code}</p>
      <p className="muted">{t('terminals.enrolment.expires', { time: format.time(expires, site.timeZone) })}</p>
      <p>{t('terminals.enrolment.use')}</p>
      <Typography.Paragraph
        className="settings code"
        copyable={{ text: settings, tooltips: [t('common.copy'), t('common.copied')] }}
      >
        {settings}
      </Typography.Paragraph>
      <p className="muted">{t('terminals.enrolment.after')}</p>
      <div className="form-end">
        <Button autoFocus onClick={close}>
          {t('common.close')}
        </Button>
      </div>
    </div>
  );
}
