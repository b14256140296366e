import { useMemo } from 'react';
import { type Language, useLanguage } from './i18n.ts';

const locales = { zh: 'zh-CN', en: 'en-GB' } as const;
const none = '—';

/** Numbers, times and spans as people read them. Times are shown in the zone that is handed in: the site's. */
export interface Format {
  percent(rate: number | null): string;
  /** The percentage without its sign. */
  points(rate: number): string;
  figure(value: number | null, digits?: number): string;
  time(instant: string | number, zone: string): string;
  seconds(instant: string | number, zone: string): string;
  dateTime(instant: string | number, zone: string): string;
  span(ms: number): string;
  /** How long ago, at least a second: whatever lasts is not told in milliseconds. */
  since(instant: string, now: number): string;
  bytes(size: number): string;
  /** Sentences that follow one another: in Chinese there is no space between them. */
  sentences(...said: readonly string[]): string;
}

/** The formats of a language. */
export function createFormat(language: Language): Format {
  const locale = locales[language];
  const clock = (zone: string, more: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone: zone, hourCycle: 'h23', hour: '2-digit', minute: '2-digit', ...more });
  return {
    percent: (rate) => (rate === null ? none : `${(rate * 100).toFixed(1)}%`),
    points: (rate) => (rate * 100).toFixed(1),
    figure: (value, digits = 0) =>
      value === null
        ? none
        : new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value),
    time: (instant, zone) => clock(zone, {}).format(new Date(instant)),
    seconds: (instant, zone) => clock(zone, { second: '2-digit' }).format(new Date(instant)),
    dateTime: (instant, zone) =>
      clock(zone, {
        year: 'numeric',
        month: language === 'zh' ? '2-digit' : 'short',
        day: '2-digit',
        second: '2-digit',
      }).format(new Date(instant)),
    span: (ms) => span(ms, language),
    since: (instant, now) => span(Math.max(1000, now - Date.parse(instant)), language),
    bytes: (size) => bytes(size),
    sentences: (...said) => said.join(language === 'zh' ? '' : ' '),
  };
}

/** The formats of the language in force. */
export function useFormat(): Format {
  const language = useLanguage();
  return useMemo(() => createFormat(language), [language]);
}

const units = {
  zh: { ms: ' 毫秒', s: ' 秒', min: ' 分', h: ' 小时', d: ' 天' },
  en: { ms: ' ms', s: ' s', min: ' min', h: ' h', d: ' d' },
} as const;

function span(ms: number, language: Language): string {
  const unit = units[language];
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (ms > 0 && ms < 1000) return `${Math.round(ms)}${unit.ms}`;
  if (seconds < 60) return `${seconds}${unit.s}`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}${unit.min}`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours}${unit.h}` : `${hours}${unit.h} ${minutes % 60}${unit.min}`;
  return `${Math.floor(hours / 24)}${unit.d}`;
}

function bytes(size: number): string {
  if (size < 1024) return `${size} B`;
  const steps = ['KB', 'MB', 'GB', 'TB'];
  const power = Math.min(steps.length, Math.floor(Math.log2(size) / 10));
  const value = size / 1024 ** power;
  return `${value.toFixed(value < 10 ? 1 : 0)} ${steps[power - 1]}`;
}
