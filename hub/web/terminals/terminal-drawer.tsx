import type { Site, Terminal } from '@manyi/config/api';
import { Form, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { EditDrawer } from '../frame/edit-drawer.tsx';
import { RemoveButton } from '../frame/remove-button.tsx';
import { useRules } from '../frame/rules.ts';
import { nothing, send } from '../http/client.ts';
import { KeysWords } from './keys-words.tsx';
import { PartsTest } from './parts-test.tsx';
import { inOrder, useCounters } from './use-terminals.ts';
import { useWaitingWords } from './waiting-words.tsx';

interface TerminalDrawerProps {
  site: Site;
  /** Null keeps the drawer closed. */
  terminal: Terminal | null;
  close: () => void;
}

/** How a terminal's parts and keys are; moves it to another counter, takes its credential away, or removes it. */
export function TerminalDrawer({ site, terminal, close }: TerminalDrawerProps) {
  const { t } = useTranslation();
  const rules = useRules();
  const { data: counters = [] } = useCounters(site.id);
  const id = terminal?.id ?? '';
  const path = `/terminals/${id}`;
  const changes = ['terminals', 'floor'];
  const waiting = useWaitingWords(id);
  const removal = {
    ask: t('terminals.manage.removeAsk', { terminal: id }),
    detail: [t('terminals.manage.removeDetail'), waiting].join(' ').trim(),
    run: () => send(nothing, 'DELETE', path),
    changes,
  };
  const revocation = {
    word: t('terminals.manage.revoke'),
    ask: t('terminals.manage.revokeAsk', { terminal: id }),
    detail: t('terminals.manage.revokeDetail'),
    run: async () => {
      await send(nothing, 'POST', `${path}/revoke`);
      return t('terminals.manage.revoked');
    },
    changes,
  };
  return (
    <EditDrawer<Pick<Terminal, 'counter'>>
      title={t('terminals.manage.title', { terminal: id })}
      size={580}
      initial={terminal}
      save={({ counter }) => send(nothing, 'PATCH', path, { counter })}
      removal={removal}
      changes={changes}
      close={close}
    >
      <Form.Item
        name="counter"
        label={t('terminals.manage.move')}
        rules={rules.required}
        extra={t('terminals.manage.moveHint')}
      >
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          options={counters
            .toSorted((a, b) => inOrder(a.name, b.name))
            .map(({ id: value, name }) => ({ value, label: name }))}
        />
      </Form.Item>
      {terminal !== null && (
        <>
          <PartsTest key={terminal.id} site={site} terminal={terminal} />
          <KeysWords site={site} keys={terminal.keys} />
          {waiting !== '' && <p className="muted">{waiting}</p>}
        </>
      )}
      {terminal?.enrolled && (
        <div className="revoke">
          <RemoveButton removal={revocation} done={close} />
        </div>
      )}
    </EditDrawer>
  );
}
