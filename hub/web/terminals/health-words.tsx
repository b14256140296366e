import { WarningOutlined } from '@ant-design/icons';
import type { Terminal } from '@manyi/config/api';
import { part } from '@manyi/config/events';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format.ts';

/** How the terminal says it is doing: what failed first, then its version and resources. */
export function HealthWords({ terminal: { health, agent } }: { terminal: Terminal }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (health === null) return <span className="muted">{t('terminals.noHealth')}</span>;
  const failed = part.options.filter((one) => health.parts?.[one] === false);
  const troubles = [
    ...failed.map((one) => t('terminals.partFailed', { part: t(`terminals.parts.${one}`) })),
    ...(health.clockSynced === false ? [t('terminals.clockWrong')] : []),
  ];
  const resources = [
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
        <span className="gaps">
          <WarningOutlined /> {troubles.join(' · ')}
        </span>
      )}
      {resources.length > 0 && <div className="muted resources">{resources.join(' · ')}</div>}
    </>
  );
}
