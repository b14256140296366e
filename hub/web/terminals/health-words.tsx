import { WarningOutlined } from '@ant-design/icons';
import type { Site, Terminal } from '@manyi/config/api';
import { useTranslation } from 'react-i18next';
import { useCauseWords } from '../frame/cause.ts';
import { useFormat } from '../i18n/format.ts';
import { useLanguage } from '../i18n/i18n.ts';
import { levelWord } from '../levels/words.ts';

/** How the terminal says it is doing: what failed first, then its version and resources. */
export function HealthWords({ site, terminal }: { site: Site; terminal: Terminal }) {
  const { health, agent, failures } = terminal;
  const { t } = useTranslation();
  const format = useFormat();
  const language = useLanguage();
  const causeWords = useCauseWords();
  const keys = terminal.keys?.keys ?? [];
  const unheard = keys.reduce((sum, key) => sum + (key.unheard ?? 0), 0);
  if (health === null) return <span className="muted">{t('terminals.noHealth')}</span>;
  const troubles = [
    ...failures.map(({ part }) => t('terminals.partFailed', { part: t(`terminals.parts.${part}`) })),
    ...(health.clockSynced === false ? [t('terminals.clockWrong')] : []),
    ...keys
      .filter(({ quiet }) => quiet)
      .map(({ level, ratingsSince: count }) =>
        t('terminals.keyQuiet', { key: levelWord(site.profile, level, language), count }),
      ),
  ];
  const resources = [
    ...(unheard === 0 ? [] : [t('terminals.unheard', { count: unheard })]),
    ...(agent === null ? [] : [t('terminals.agent', { version: agent })]),
    ...(health.residentBytes === undefined
      ? []
      : [t('terminals.memory', { size: format.bytes(health.residentBytes) })]),
    ...(health.freeDiskBytes === undefined ? [] : [t('terminals.disk', { size: format.bytes(health.freeDiskBytes) })]),
    ...(health.uptimeMs === undefined ? [] : [t('terminals.up', { time: format.span(health.uptimeMs) })]),
  ];
  return (
    <>
      {troubles.length === 0 ? (
        t('terminals.healthy')
      ) : (
        <div className="gaps cause">
          <WarningOutlined aria-hidden /> {troubles.join(' · ')}
        </div>
      )}
      {failures.map(
        ({ part, detail }) =>
          detail !== null && (
            <div key={part} className="cause">
              {causeWords(detail)}
            </div>
          ),
      )}
      {resources.length > 0 && <div className="muted resources">{resources.join(' · ')}</div>}
    </>
  );
}
