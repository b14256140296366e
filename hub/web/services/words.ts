import { type Service, setAsideWhy } from '@manyi/config/api';
import { invitedBy, withoutVersion } from '@manyi/config/events';
import { type Reason, reasons } from '@manyi/config/reasons';
import { useTranslation } from 'react-i18next';
import { closingParts } from '../cases/told.ts';
import { useFormat } from '../i18n/format.ts';
import { useLanguage } from '../i18n/i18n.ts';
import { useLevelWords } from '../levels/words.ts';
import { clockOf } from '../recordings/words.tsx';

type Entry = Service['entries'][number];

/** Whether this version has words for the reason. */
export function isReason(name: unknown): name is Reason {
  return typeof name === 'string' && Object.hasOwn(reasons, name);
}

const types = [
  'manyi.duty.started',
  'manyi.duty.paused',
  'manyi.duty.resumed',
  'manyi.duty.ended',
  'manyi.service.started',
  'manyi.service.ended',
  'manyi.rating.given',
  'manyi.rating.set-aside',
  'manyi.rating.restored',
  'manyi.case.opened',
  'manyi.case.closed',
  'manyi.case.reopened',
  'manyi.press.ignored',
  'manyi.reason.given',
  'manyi.recording.made',
  'manyi.recording.lost',
  'manyi.panel.counted',
  'manyi.terminal.changed',
  'manyi.outbox.voided',
] as const;
const starts = ['next', 'invite', 'press'] as const;
const ends = ['badge', 'other-badge', 'command', 'restart'] as const;

/** Says an entry of the ledger in the language in force: what it is, and what it tells. */
export function useEntryWords(profile: Service['profile']) {
  const { t } = useTranslation();
  const format = useFormat();
  const language = useLanguage();
  const { word, outcome } = useLevelWords(profile);
  const title = ({ type }: Entry) => {
    const known = oneOf(types, withoutVersion(type));
    return known === null ? type : t(`service.type.${known}`);
  };
  const invited = ({ data }: Entry) => {
    const by = invitedBy.safeParse(data['invitedBy']).data;
    return by === undefined ? [] : [t(`service.invitedBy.${by}`)];
  };
  const pressed = ({ data }: Entry) => {
    const after = data['pressedAfterMs'];
    return [
      typeof after === 'number' ? t('service.pressedAfter', { time: format.span(after) }) : t('service.pressedBefore'),
    ];
  };
  const decided = ({ data }: Entry) => {
    const why = setAsideWhy.safeParse(data['why']).data;
    return [
      ...(why === undefined ? [] : [t(`service.why.${why}`)]),
      ...(typeof data['note'] === 'string' ? [data['note']] : []),
      ...(typeof data['by'] === 'string' ? [t('service.by', { user: data['by'] })] : []),
    ];
  };
  const closed = (entry: Entry) =>
    closingParts(entry)
      .map(({ name, text }) => t('cases.said', { part: t(`cases.parts.${name}`), text }))
      .join('\n');
  const tells = (entry: Entry): string[] => {
    const { data } = entry;
    switch (withoutVersion(entry.type)) {
      case 'manyi.rating.given':
        return [word(String(data['level'])), ...invited(entry), ...pressed(entry)];
      case 'manyi.service.started': {
        const by = oneOf(starts, data['startedBy']);
        return by === null ? [] : [t(`service.startedBy.${by}`)];
      }
      case 'manyi.service.ended':
        return [
          data['outcome'] === 'rated' ? t('outcome.rated') : outcome({ level: null, outcome: String(data['outcome']) }),
          ...invited(entry),
        ];
      case 'manyi.duty.ended': {
        const by = oneOf(ends, data['endedBy']);
        return by === null ? [] : [t(`service.endedBy.${by}`)];
      }
      case 'manyi.rating.set-aside':
      case 'manyi.rating.restored':
        return decided(entry);
      case 'manyi.case.opened':
      case 'manyi.case.reopened':
        return data['by'] === null ? [t('cases.byItself')] : decided(entry);
      case 'manyi.case.closed':
        return [closed(entry), ...decided(entry)];
      case 'manyi.press.ignored':
        return [t('service.presses', { list: presses(data['presses'], word) })];
      case 'manyi.reason.given':
        return [isReason(data['reason']) ? reasons[data['reason']][language] : String(data['reason'])];
      case 'manyi.recording.made':
        return typeof data['durationMs'] === 'number' ? [clockOf(data['durationMs'])] : [];
      default:
        return [];
    }
  };
  return { title, tells };
}

function oneOf<T extends string>(known: readonly T[], text: unknown): T | null {
  return known.find((one) => one === text) ?? null;
}

function presses(counts: unknown, word: (level: string) => string): string {
  return typeof counts === 'object' && counts !== null
    ? Object.entries(counts)
        .map(([level, count]) => `${word(level)} ${count}`)
        .join(', ')
    : '';
}
