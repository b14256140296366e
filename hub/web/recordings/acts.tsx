import { DownloadOutlined } from '@ant-design/icons';
import { type Recording, recording as shape } from '@manyi/config/recordings';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EditDrawer } from '../frame/edit-drawer.tsx';
import { nothing, send } from '../http/client.ts';
import { saveFile } from '../http/download.ts';
import { useIsAdministrator } from '../people/use-people.ts';
import { ReasonField } from './reason-field.tsx';
import { useRecordingsState } from './use-recordings.ts';

const acts = ['download', 'hold', 'release', 'delete'] as const;
type Act = (typeof acts)[number];

/** What the user may do with a recording: each asks for a reason, which stands in the audit log. */
export function Acts({ of }: { of: Recording }) {
  const { t } = useTranslation();
  const may = useMay(of);
  const [chosen, choose] = useState<Act | null>(null);
  if (!acts.some((act) => may[act])) return null;
  return (
    <div className="acts">
      {acts
        .filter((act) => may[act])
        .map((act) => (
          <Button
            key={act}
            danger={act === 'delete'}
            icon={act === 'download' ? <DownloadOutlined aria-hidden /> : null}
            onClick={() => choose(act)}
          >
            {t(`recordings.acts.${act}`)}
          </Button>
        ))}
      <EditDrawer<{ reason: string }>
        title={chosen === null ? '' : t(`recordings.acts.${chosen}`)}
        submit={chosen === null ? '' : t(`recordings.acts.${chosen}`)}
        isDanger={chosen === 'delete'}
        done={chosen === null ? '' : t(`recordings.acted.${chosen}`)}
        initial={chosen === null ? null : {}}
        save={({ reason }) => (chosen === null ? Promise.resolve() : perform(chosen, of, reason.trim()))}
        changes={['recording', 'recordings', 'audit']}
        close={() => choose(null)}
      >
        {chosen !== null && <p className="act-help">{t(`recordings.actHelp.${chosen}`)}</p>}
        <ReasonField />
      </EditDrawer>
    </div>
  );
}

function useMay({ state, held }: Recording): Readonly<Record<Act, boolean>> {
  const isAdministrator = useIsAdministrator();
  const mayDownload = useRecordingsState().data?.mayDownload ?? false;
  const isThere = state === 'stored' || state === 'damaged' || state === 'announced';
  return {
    download: mayDownload && state === 'stored',
    hold: isAdministrator && isThere && !held,
    release: isAdministrator && held,
    delete: isAdministrator && isThere && !held,
  };
}

function perform(act: Act, of: Recording, reason: string): Promise<unknown> {
  const { recording } = of;
  const path = `/recordings/${recording}`;
  switch (act) {
    case 'download':
      return saveFile(fileNameOf(of), `${path}/download`, { purpose: reason, format: 'ogg' });
    case 'hold':
    case 'release':
      return send(shape, 'PUT', `${path}/hold`, { held: act === 'hold', reason });
    case 'delete':
      return send(nothing, 'POST', `${path}/deletion`, { reason });
  }
}

/** Among others of its kind it is found by when and where, and it names what the audit log knows it by. */
function fileNameOf({ startedAt, counter, recording }: Recording): string {
  const when = startedAt.slice(0, 'yyyy-mm-ddThh:mm:ss'.length).replaceAll(':', '-');
  return `${[when, counter, recording].filter((part) => part !== null).join('_')}.ogg`;
}
