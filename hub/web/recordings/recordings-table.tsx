import type { Site } from '@manyi/config/api';
import type { Recording } from '@manyi/config/recordings';
import { type Breakpoint, Grid, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '../i18n/format.ts';
import { Mark } from '../levels/mark.tsx';
import { useLevelWords } from '../levels/words.ts';
import { useNames } from '../people/use-names.ts';
import { lengthOf, SoundWords, StateWords } from './words.tsx';

/** Columns for which a telephone has no room: there it stands below the time. */
const wide: Breakpoint[] = ['md'];

/** Recordings as rows, each with the way to its sound. */
export function RecordingsTable({ site, recordings }: { site: Site; recordings: readonly Recording[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useNames(site.id);
  const isNarrow = Grid.useBreakpoint().md === false;
  return (
    <div className="table-card">
      <Table<Recording>
        rowKey="recording"
        size="middle"
        dataSource={[...recordings]}
        pagination={false}
        scroll={{ x: 'max-content' }}
        columns={[
          {
            title: t('recordings.time'),
            render: (_, one) => (
              <>
                <Link to={`/recordings/${one.recording}`}>{format.dateTime(one.startedAt, site.timeZone)}</Link>
                {isNarrow && <RowBelow of={one} names={names} />}
              </>
            ),
          },
          {
            title: t('common.counter'),
            responsive: wide,
            render: (_, { counter }) => (counter === null ? '—' : names(counter)),
          },
          {
            title: t('common.clerk'),
            responsive: wide,
            render: (_, { clerk }) => (clerk === null ? <span className="muted">—</span> : <b>{names(clerk)}</b>),
          },
          { title: t('recordings.level'), render: (_, { level }) => <LevelWord site={site} level={level} /> },
          {
            title: t('recordings.length'),
            align: 'right',
            responsive: wide,
            render: (_, one) => lengthOf(one),
          },
          { title: t('recordings.sound'), responsive: wide, render: (_, one) => <SoundWords of={one} /> },
          { title: t('recordings.state'), responsive: wide, render: (_, one) => <StateWords of={one} /> },
        ]}
      />
    </div>
  );
}

function RowBelow({ of, names }: { of: Recording; names: (id: string) => string }) {
  const { counter, clerk } = of;
  return (
    <span className="row-below muted">
      {[counter, clerk].map((one) => (one === null ? '—' : names(one))).join(' · ')}
      <span>
        {lengthOf(of)} · <StateWords of={of} />
      </span>
    </span>
  );
}

/** The level of the service that a clip belongs to, or that it has none. */
export function LevelWord({ site, level }: { site: Site; level: string | null }) {
  const { t } = useTranslation();
  const { word } = useLevelWords(site.profile);
  return (
    <span className="level-word">
      <Mark level={level} />
      {level === null ? t('outcome.unrated') : word(level)}
    </span>
  );
}
