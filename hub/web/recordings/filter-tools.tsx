import type { Site } from '@manyi/config/api';
import { profiles } from '@manyi/config/profiles';
import { recordingState, withOrWithout } from '@manyi/config/recordings';
import { Select, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { RangeChoice } from '../frame/range-choice.tsx';
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
      <RangeChoice<RangeName>
        range={choice.range}
        days={choice.days}
        choose={change}
        names={rangeNames.map((name) => ({
          value: name,
          label: name === 'all' ? t('recordings.anyTime') : t(`scores.ranges.${name}`),
        }))}
      />
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
        label={t('common.level')}
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
      <OneOf
        label={t('cases.one')}
        value={choice.case}
        choose={(one) => change({ case: one })}
        options={withOrWithout.options.map((name) => ({ value: name, label: t(`recordings.cases.${name}`) }))}
      />
      {choice.told !== null && (
        <Tag closable onClose={() => change({ told: null })}>
          {t('recordings.toldFrom', { day: choice.told })}
        </Tag>
      )}
    </div>
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
