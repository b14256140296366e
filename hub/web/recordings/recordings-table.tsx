import type { Site } from '@manyi/config/api';
import type { Recording } from '@manyi/config/recordings';
import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { CaseLink } from '../cases/case-link.tsx';
import { useIsNarrow, wide } from '../frame/narrow.ts';
import { useFormat } from '../i18n/format.ts';
import { LevelWord } from '../levels/level-word.tsx';
import { useWhose } from '../people/whose.tsx';
import { lengthOf, SoundWarnings, SoundWords, StateWords } from './words.tsx';

/** Recordings as rows, each with the way to its sound. */
export function RecordingsTable({ site, recordings }: { site: Site; recordings: readonly Recording[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const whose = useWhose(site.id);
  const isNarrow = useIsNarrow();
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
                {isNarrow && <RowBelow of={one} whose={whose.line(one)} />}
              </>
            ),
          },
          ...whose.columns,
          {
            title: t('common.level'),
            render: (_, { level }) => <LevelWord profile={site.profile} level={level} />,
          },
          {
            title: t('recordings.length'),
            align: 'right',
            responsive: wide,
            render: (_, one) => lengthOf(one),
          },
          { title: t('recordings.sound'), responsive: wide, render: (_, one) => <SoundWords of={one} /> },
          { title: t('recordings.state'), responsive: wide, render: (_, one) => <StateWords of={one} /> },
          { title: t('cases.one'), responsive: wide, render: (_, one) => <CaseLink of={one} /> },
        ]}
      />
    </div>
  );
}

function RowBelow({ of, whose }: { of: Recording; whose: string }) {
  return (
    <span className="row-below muted">
      {whose}
      <span className="row-line">
        {lengthOf(of)} <StateWords of={of} />
      </span>
      <SoundWarnings of={of} />
      <CaseLink of={of} />
    </span>
  );
}
