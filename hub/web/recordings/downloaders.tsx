import { Button, Form, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EditDrawer } from '../frame/edit-drawer.tsx';
import { RemoveButton } from '../frame/remove-button.tsx';
import { useRules } from '../frame/rules.ts';
import { WhenRead } from '../frame/states.tsx';
import { nothing, send } from '../http/client.ts';
import { useUsers } from '../people/use-people.ts';
import { ReasonField } from './reason-field.tsx';
import { downloadersPath, useDownloaders } from './use-rules.ts';

interface Fields {
  username: string;
  reason: string;
}

const changes = ['downloaders', 'recordings-state', 'audit'];

/** Who may take recordings away as files: given by name, at all sites that they see. */
export function Downloaders() {
  const { t } = useTranslation();
  const rules = useRules();
  const query = useDownloaders();
  const { data: users = [] } = useUsers();
  const [given, give] = useState<Partial<Fields> | null>(null);
  const nameOf = (username: string) => users.find((user) => user.username === username)?.name ?? username;
  return (
    <section className="card rule" aria-labelledby="downloaders-title">
      <h2 id="downloaders-title">{t('recordings.downloaders.title')}</h2>
      <WhenRead query={query} rows={2}>
        {(known) =>
          known.length === 0 ? (
            <p className="rule-word">{t('recordings.downloaders.nobody')}</p>
          ) : (
            <ul className="days">
              {known.map(({ username }) => (
                <li key={username}>
                  <span>
                    {nameOf(username)} <span className="muted code">{username}</span>
                  </span>
                  <TakeBack username={username} name={nameOf(username)} />
                </li>
              ))}
            </ul>
          )
        }
      </WhenRead>
      <p className="muted">{t('recordings.downloaders.tells')}</p>
      <Button onClick={() => give({})}>{t('recordings.downloaders.give')}</Button>
      <EditDrawer<Fields>
        title={t('recordings.downloaders.give')}
        initial={given}
        save={({ username, reason }) =>
          send(nothing, 'PUT', `${downloadersPath}/${encodeURIComponent(username)}`, { reason })
        }
        changes={changes}
        close={() => give(null)}
      >
        <Form.Item name="username" label={t('recordings.downloaders.who')} rules={rules.required}>
          <Select
            showSearch={{ optionFilterProp: 'label' }}
            options={users.map(({ username, name }) => ({ value: username, label: `${name} · ${username}` }))}
          />
        </Form.Item>
        <p className="consequence">{t('recordings.actHelp.download')}</p>
        <ReasonField />
      </EditDrawer>
    </section>
  );
}

function TakeBack({ username, name }: { username: string; name: string }) {
  const { t } = useTranslation();
  const removal = {
    word: t('recordings.downloaders.take'),
    ask: t('recordings.downloaders.takeAsk', { name }),
    detail: t('recordings.downloaders.takeDetail'),
    run: () => send(nothing, 'DELETE', `${downloadersPath}/${encodeURIComponent(username)}`),
    changes,
  };
  return <RemoveButton type="link" removal={removal} label={`${t('recordings.downloaders.take')}: ${name}`} />;
}
