import type { Site } from '@manyi/config/api';
import { profiles } from '@manyi/config/profiles';
import { recordingState } from '@manyi/config/recordings';
import { DatePicker, Segmented, Select } from 'antd';
import dayjs from 'dayjs';
import { useTranslation } from 'react-i18next';
import { useLevelWords } from '../levels/words.ts';
import { useClerks } from '../people/use-people.ts';
import { inOrder, useCounters } from '../terminals/use-terminals.ts';
import { type Choice, lengthNames, type RangeName, rangeNames } from './use-choice.ts';

interface FilterToolsProps {
  site: Site;
  choice: Choice;
  change: (part: Partial<Choice>) => void;
}

/** The choice of which recordings are shown. */
export function FilterTools({ site, choice, change }: FilterToolsProps) {
  const { t } = useTranslation();
  const { word } = useLevelWords(site.profile);
  const { data: clerks = [] } = useClerks(site.id);
  const { data: counters = [] } = useCounters(site.id);
  return (
    <div className="tools">
      <RangeTools choice={choice} change={change} />
      <OneOf
        label={t('common.clerk')}
        value={choice.clerk}
        choose={(clerk) => change({ clerk })}
        options={clerks.map(({ id, name, number }) => ({ value: id, label: `${name} · ${number}` }))}
      />
      <OneOf
        label={t('common.counter')}
        value={choice.counter}
        choose={(counter) => change({ counter })}
        options={counters
          .toSorted((a, b) => inOrder(a.name, b.name))
          .map(({ id, name }) => ({ value: id, label: name }))}
      />
      <OneOf
        label={t('recordings.level')}
        value={choice.level}
        choose={(level) => change({ level })}
        options={profiles[site.profile].levels.map(({ name }) => ({ value: name, label: word(name) }))}
      />
      <OneOf
        label={t('recordings.length')}
        value={choice.length}
        choose={(length) => change({ length })}
        options={lengthNames.map((name) => ({ value: name, label: t(`recordings.lengths.${name}`) }))}
      />
      <OneOf
        label={t('recordings.state')}
        value={choice.state}
        choose={(state) => change({ state })}
        options={recordingState.options.map((name) => ({ value: name, label: t(`recordings.states.${name}`) }))}
      />
    </div>
  );
}

function RangeTools({ choice: { range, days }, change }: Omit<FilterToolsProps, 'site'>) {
  const { t } = useTranslation();
  return (
    <>
      <Segmented<RangeName>
        className="range-names"
        aria-label={t('scores.range')}
        value={range}
        onChange={(name) => change({ range: name, days })}
        options={rangeNames.map((name) => ({
          value: name,
          label: name === 'all' ? t('recordings.anyTime') : t(`scores.ranges.${name}`),
        }))}
      />
      {range === 'custom' && (
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
    </>
  );
}

interface OneOfProps<T extends string> {
  label: string;
  value: T | null;
  choose: (value: T | null) => void;
  options: { value: T; label: string }[];
}

/** One of some, or any. */
function OneOf<T extends string>({ label, value, choose, options }: OneOfProps<T>) {
  return (
    <Select<T>
      className="one-of"
      aria-label={label}
      placeholder={label}
      value={value}
      allowClear
      onChange={(chosen) => choose(chosen ?? null)}
      popupMatchSelectWidth={false}
      showSearch={options.length > 8 ? { optionFilterProp: 'label' } : false}
      options={options}
    />
  );
}
