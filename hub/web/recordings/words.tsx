import { WarningOutlined } from '@ant-design/icons';
import { leastSpeechShare, type Recording, type RecordingFault } from '@manyi/config/recordings';
import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format.ts';

/** A place in time of a clip: 0:07, 12:40, 1:02:05. */
export function clockOf(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = two(seconds % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}

/** How long a clip is; nobody knows it of some that were lost. */
export function lengthOf({ durationMs }: Recording): string {
  return durationMs === null ? '—' : clockOf(durationMs);
}

/** Where a clip is: on its way, stored, damaged, lost or deleted, and why; and whether it is held. */
export function StateWords({ of }: { of: Recording }) {
  const { t } = useTranslation();
  const fault = faultOf(of);
  return (
    <span className={`recording-state is-${of.state}`}>
      <i aria-hidden="true" />
      {t(`recordings.states.${of.state}`)}
      {fault !== null && <span className="muted">{t(`recordings.faults.${fault}`)}</span>}
      {of.held && <Tag>{t('recordings.held')}</Tag>}
    </span>
  );
}

/** What went wrong with a clip, as long as that says why it is in its state. */
export function faultOf({ state, fault }: Recording): RecordingFault | null {
  return state === 'lost' || state === 'damaged' ? fault : null;
}

/** A lower peak is called silence, as are clips without speech; more samples at full scale are called clipped. */
const silentPeak = 0.01;
const clippedShare = 0.01;

/** What may be wrong with the sound, by what the terminal measured. */
export function warningsOf(of: Recording): ('silent' | 'clipped' | 'repaired')[] {
  const isSilent = (of.speechShare ?? 1) < leastSpeechShare || (of.peak ?? 1) < silentPeak;
  const isClipped = (of.clippedShare ?? 0) > clippedShare;
  return [
    ...(isSilent ? (['silent'] as const) : []),
    ...(isClipped ? (['clipped'] as const) : []),
    ...(of.repaired ? (['repaired'] as const) : []),
  ];
}

/** How much speech there is, and what may be wrong with the sound. */
export function SoundWords({ of }: { of: Recording }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      {of.speechShare === null ? (
        <span className="muted">{t('recordings.unmeasured')}</span>
      ) : (
        t('recordings.speech', { share: format.percent(of.speechShare) })
      )}
      <SoundWarnings of={of} />
    </>
  );
}

/** What may be wrong with the sound; nothing where nothing is. */
export function SoundWarnings({ of }: { of: Recording }) {
  const { t } = useTranslation();
  const warnings = warningsOf(of);
  if (warnings.length === 0) return null;
  return (
    <span className="sound-warnings">
      <WarningOutlined aria-hidden /> {warnings.map((one) => t(`recordings.warnings.${one}`)).join(' · ')}
    </span>
  );
}
