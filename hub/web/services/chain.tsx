import type { Service } from '@manyi/config/api';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format.ts';
import { Mark } from '../levels/mark.tsx';
import { useEntryWords } from './words.ts';

const noteworthyDelayMs = 5_000;

/** The entries of a service in the ledger's order: what happened, when, and when the hub had it. */
export function Chain({ found, zone }: { found: Service; zone: string }) {
  const format = useFormat();
  const { title, tells } = useEntryWords(found.profile);
  return (
    <ol className="chain">
      {found.entries.map((entry) => (
        <li key={entry.position}>
          <time dateTime={entry.time}>{format.seconds(entry.time, zone)}</time>
          <span className="chain-sign">
            {typeof entry.data['level'] === 'string' ? <Mark level={entry.data['level']} size={16} /> : <i />}
          </span>
          <div>
            <b>{title(entry)}</b>
            <p>{tells(entry).join(' · ')}</p>
            <Arrival entry={entry} />
            <Fields entry={entry} />
          </div>
        </li>
      ))}
    </ol>
  );
}

function Arrival({ entry: { time, arrived, position } }: { entry: Service['entries'][number] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const delay = Date.parse(arrived) - Date.parse(time);
  const words =
    delay < noteworthyDelayMs
      ? t('service.arrivedAtOnce', { position })
      : t('service.arrived', { delay: format.span(delay), position });
  return <p className="muted">{words}</p>;
}

function Fields({ entry }: { entry: Service['entries'][number] }) {
  const { t } = useTranslation();
  return (
    <details>
      <summary className="muted">{t('service.details')}</summary>
      <pre className="code">
        {JSON.stringify({ id: entry.id, type: entry.type, terminal: entry.terminal, ...entry.data }, null, 2)}
      </pre>
    </details>
  );
}
