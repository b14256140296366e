import { WarningOutlined } from '@ant-design/icons';
import type { Site, TerminalKey, TerminalKeys } from '@manyi/config/api';
import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { Help } from '../frame/help.tsx';
import { useFormat } from '../i18n/format.ts';
import { useLanguage } from '../i18n/i18n.ts';
import { levelWord } from '../levels/words.ts';

/** How often each key was pressed, what of it never came, and which one nobody presses. */
export function KeysWords({ site, keys }: { site: Site; keys: TerminalKeys | null }) {
  const { t } = useTranslation();
  return (
    <section className="terminal-part">
      <h2>{t('terminals.keys.title')}</h2>
      {keys === null ? <p className="muted">{t('terminals.keys.nothing')}</p> : <Known site={site} keys={keys} />}
    </section>
  );
}

function Known({ site, keys: { since, keys, panel } }: { site: Site; keys: TerminalKeys }) {
  const { t } = useTranslation();
  const format = useFormat();
  const time = (instant: string) => format.dateTime(instant, site.timeZone);
  const ofPanel = [
    { title: t('terminals.keys.counted'), align: 'right' as const, render: figureOf(({ counted }) => counted, format) },
    {
      title: <Help word={t('terminals.keys.unheard')} help={t('terminals.keys.unheardHelp')} />,
      align: 'right' as const,
      render: (_: unknown, { unheard }: TerminalKey) => (
        <b className={unheard === 0 ? 'complete' : 'gaps'}>{format.figure(unheard)}</b>
      ),
    },
  ];
  return (
    <>
      <Table<TerminalKey>
        rowKey="level"
        size="small"
        pagination={false}
        dataSource={keys}
        columns={[
          { title: t('terminals.keys.key'), render: (_, key) => <KeyWords site={site} of={key} /> },
          { title: t('terminals.keys.heard'), align: 'right', render: figureOf(({ heard }) => heard, format) },
          ...(panel === null ? [] : ofPanel),
        ]}
      />
      <p className="muted">
        {format.sentences(
          t('terminals.keys.since', { time: time(since) }),
          panel === null
            ? t('terminals.keys.noPanel')
            : t('terminals.keys.panel', { id: panel.id, since: time(panel.since), told: time(panel.told) }),
          ...(panel === null || panel.begun === 'first' ? [] : [t(`terminals.keys.${panel.begun}`)]),
        )}
      </p>
    </>
  );
}

function figureOf(value: (key: TerminalKey) => number | null, format: ReturnType<typeof useFormat>) {
  return (_: unknown, key: TerminalKey) => format.figure(value(key));
}

function KeyWords({ site, of: { level, last, quiet, ratingsSince } }: { site: Site; of: TerminalKey }) {
  const { t } = useTranslation();
  const format = useFormat();
  const language = useLanguage();
  return (
    <>
      <b>{levelWord(site.profile, level, language)}</b>
      <div className="muted">
        {last === null
          ? t('terminals.keys.never')
          : t('terminals.keys.last', { time: format.dateTime(last, site.timeZone) })}
      </div>
      {quiet && (
        <div className="gaps">
          <WarningOutlined aria-hidden /> {t('terminals.keys.quiet', { count: ratingsSince })}
        </div>
      )}
    </>
  );
}
