import type { Site } from '@manyi/config/api';
import { DatePicker, Segmented } from 'antd';
import dayjs from 'dayjs';
import { useTranslation } from 'react-i18next';
import { ExportButton } from './export-button.tsx';
import { type RangeName, rangeNames } from './range.ts';
import { type By, type Choice, groupings } from './use-choice.ts';

interface RangeToolsProps {
  site: Site;
  choice: Choice;
  change: (part: Partial<Choice>) => void;
}

/** The choice of days and grouping, and the way to take the figures away. */
export function RangeTools({ site, choice, change }: RangeToolsProps) {
  const { t } = useTranslation();
  const { days } = choice;
  return (
    <div className="tools">
      <Segmented<RangeName>
        aria-label={t('scores.range')}
        value={choice.range}
        onChange={(range) => change({ range, days })}
        options={rangeNames.map((name) => ({ value: name, label: t(`scores.ranges.${name}`) }))}
      />
      {choice.range === 'custom' && (
        <DatePicker.RangePicker
          aria-label={t('scores.range')}
          allowClear={false}
          value={[dayjs(days.first), dayjs(days.last)]}
          onChange={(picked) => {
            const [first, last] = picked ?? [];
            if (first && last) change({ days: { first: first.format('YYYY-MM-DD'), last: last.format('YYYY-MM-DD') } });
          }}
        />
      )}
      <Segmented<By>
        aria-label={t('scores.by')}
        value={choice.by}
        onChange={(by) => change({ by })}
        options={groupings.map((by) => ({ value: by, label: t(`scores.name.${by}`) }))}
      />
      <span className="push">
        <ExportButton site={site.id} choice={choice} />
      </span>
    </div>
  );
}
