import type { Counter, Site } from '@manyi/config/api';
import { Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { EditDrawer } from '../frame/edit-drawer.tsx';
import { useRules } from '../frame/rules.ts';
import { nothing, send } from '../http/client.ts';

interface CounterDrawerProps {
  site: Site;
  edited: Partial<Counter> | null;
  close: () => void;
}

/** Adds, renames or removes a counter. */
export function CounterDrawer({ site, edited, close }: CounterDrawerProps) {
  const { t } = useTranslation();
  const rules = useRules();
  const id = edited?.id;
  const path = `/sites/${site.id}/counters/${id}`;
  const save = ({ id: given, name }: Counter) =>
    id === undefined
      ? send(nothing, 'POST', '/counters', { id: given, site: site.id, name })
      : send(nothing, 'PATCH', path, { name });
  const removal =
    id === undefined
      ? null
      : {
          ask: t('terminals.counter.removeAsk', { name: edited?.name }),
          detail: t('terminals.counter.removeDetail'),
          run: () => send(nothing, 'DELETE', path),
          changes: ['counters', 'floor'],
        };
  return (
    <EditDrawer<Counter>
      title={t(id === undefined ? 'terminals.counter.add' : 'terminals.counter.edit')}
      initial={edited}
      save={save}
      removal={removal}
      changes={['counters', 'floor']}
      close={close}
    >
      <Form.Item
        name="name"
        label={t('terminals.counter.name')}
        rules={rules.required}
        extra={t('terminals.counter.nameHint')}
      >
        <Input />
      </Form.Item>
      <Form.Item name="id" label={t('terminals.counter.id')} rules={rules.id} extra={t('terminals.counter.idHint')}>
        <Input disabled={id !== undefined} spellCheck={false} />
      </Form.Item>
    </EditDrawer>
  );
}
