import { DatePicker, Segmented } from 'antd';
import dayjs from 'dayjs';
import { useTranslation } from 'react-i18next';
import type { Days, Range } from './range.ts';

interface RangeChoiceProps<Name extends string> {
  range: Name | 'custom';
  days: Days;
  names: readonly { value: Name | 'custom'; label: string }[];
  choose: (part: Range<Name | 'custom'>) => void;
}

/** A stretch of days: one that has a name, or days of one's own. */
export function RangeChoice<Name extends string>({ range, days, names, choose }: RangeChoiceProps<Name>) {
  const { t } = useTranslation();
  return (
    <>
      <Segmented<Name | 'custom'>
        className="range-names"
        aria-label={t('scores.range')}
        value={range}
        onChange={(name) => choose({ range: name, days })}
        options={[...names]}
      />
      {range === 'custom' && (
        <DatePicker.RangePicker
          aria-label={t('scores.range')}
          allowClear={false}
          value={[dayjs(days.first), dayjs(days.last)]}
          onChange={(picked) => {
            const [first, last] = picked ?? [];
            if (!first || !last) return;
            choose({ range, days: { first: first.format('YYYY-MM-DD'), last: last.format('YYYY-MM-DD') } });
          }}
        />
      )}
    </>
  );
}
