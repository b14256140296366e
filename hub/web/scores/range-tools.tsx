import type { Site } from '@manyi/config/api';
import { Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { type RangeName, rangeNames } from '../frame/range.ts';
import { RangeChoice } from '../frame/range-choice.tsx';
import { ExportButton } from './export-button.tsx';
import { type By, type Choice, groupings } from './use-choice.ts';

interface RangeToolsProps {
  site: Site;
  choice: Choice;
  change: (part: Partial<Choice>) => void;
}

/** The choice of days and grouping, and the way to take the figures away. */
export function RangeTools({ site, choice, change }: RangeToolsProps) {
  const { t } = useTranslation();
  return (
    <div className="tools">
      <RangeChoice<RangeName>
        range={choice.range}
        days={choice.days}
        choose={change}
        names={rangeNames.map((name) => ({ value: name, label: t(`scores.ranges.${name}`) }))}
      />
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
