import { oneCase } from '@manyi/config/cases';
import { useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EditDrawer } from '../frame/edit-drawer.tsx';
import { send } from '../http/client.ts';
import { ClosingFields, NoteField } from './fields.tsx';
import type { ToldCase } from './told.ts';

type Act = 'open' | 'close' | 'reopen';

/** What can be done next with the case of a service, each with words that stand in the evidence chain. */
export function CaseAct({ service, told }: { service: string; told: ToldCase | null }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [chosen, choose] = useState<Act | null>(null);
  const next = nextOf(told);
  const word = chosen === null ? '' : t(`cases.acts.${chosen}`);
  const act = (fields: object) =>
    chosen === 'open'
      ? send(oneCase, 'POST', '/cases', { service, ...fields })
      : send(oneCase, 'POST', `/cases/${told?.number}/${chosen}`, fields);
  // What is refused was mostly done by somebody else first: the page behind the form shows it.
  const save = (fields: object) =>
    act(fields).catch((error: unknown) => {
      void cache.invalidateQueries({ queryKey: ['service'] });
      throw error;
    });
  return (
    <>
      <Button type={next === 'close' ? 'primary' : 'default'} onClick={() => choose(next)}>
        {t(`cases.acts.${next}`)}
      </Button>
      <EditDrawer<object>
        title={word}
        submit={word}
        done={chosen === null ? '' : t(`cases.acted.${chosen}`)}
        initial={chosen === null ? null : {}}
        save={save}
        changes={['service', 'cases', 'recordings', 'recording']}
        close={() => choose(null)}
      >
        {chosen === 'close' ? <ClosingFields /> : chosen !== null && <NoteField of={chosen} />}
      </EditDrawer>
    </>
  );
}

function nextOf(told: ToldCase | null): Act {
  if (told === null) return 'open';
  return told.state === 'open' ? 'close' : 'reopen';
}
