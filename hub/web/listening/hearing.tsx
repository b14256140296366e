import { PoweroffOutlined, SoundOutlined } from '@ant-design/icons';
import { Alert, Button, Slider } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useNow } from '../frame/now.ts';
import { clockOf } from '../recordings/words.tsx';
import { Meter } from './meter.tsx';
import type { Session, Shown } from './session.ts';

/** What is heard now, for how long, and how to end it. */
export function Hearing({ session, shown }: { session: Session; shown: Shown }) {
  const { t } = useTranslation();
  const stopButton = useRef<HTMLButtonElement>(null);
  useEffect(() => stopButton.current?.focus(), []);
  const { listening, others, level, volume } = shown;
  return (
    <div className="listening">
      <p className="listening-state" role="status">
        <StateWords shown={shown} />
      </p>
      <Meter level={level} />
      <Times shown={shown} />
      <div className="listening-volume">
        <SoundOutlined aria-hidden />
        <span aria-hidden>{t('listening.volume')}</span>
        <Slider
          min={0}
          max={100}
          value={Math.round(volume * 100)}
          onChange={(percent) => session.setVolume(percent / 100)}
          ariaLabelForHandle={t('listening.volume')}
        />
      </div>
      {others.length > 0 && <Alert type="info" showIcon title={t('listening.others', { names: others.join(', ') })} />}
      <p className="muted">{t('listening.shownThere')}</p>
      {listening !== null && <p className="muted">{t('listening.purposeGiven', { purpose: listening.purpose })}</p>}
      <Button ref={stopButton} danger size="large" icon={<PoweroffOutlined aria-hidden />} onClick={session.stop}>
        {t('listening.stop')}
      </Button>
    </div>
  );
}

function StateWords({ shown: { phase, isSilent } }: { shown: Shown }) {
  const { t } = useTranslation();
  if (phase.is === 'lost') return <Said mark="unknown" words={t('listening.lost')} />;
  if (phase.is !== 'hearing' || phase.state === 'waiting')
    return <Said mark="unknown" words={t('listening.waiting')} />;
  if (phase.state === 'terminal-away') return <Said mark="offline" words={t('listening.terminalAway')} />;
  if (phase.state === 'microphone-failed') return <Said mark="offline" words={t('listening.microphoneFailed')} />;
  return <Said mark="" words={t(isSilent ? 'listening.silent' : 'listening.live')} />;
}

function Said({ mark, words }: { mark: string; words: string }) {
  return (
    <>
      <span className={`dot ${mark}`} aria-hidden="true" />
      {words}
    </>
  );
}

/** By this machine's clock alone: the hub's may differ. */
function Times({ shown: { listening, since } }: { shown: Shown }) {
  const { t } = useTranslation();
  const now = useNow(500);
  if (listening === null) return null;
  const lastsMs = Date.parse(listening.endsAt) - Date.parse(listening.startedAt);
  const elapsedMs = Math.min(lastsMs, Math.max(0, now - since));
  return (
    <dl className="listening-times figures">
      <div>
        <dt>{t('listening.elapsed')}</dt>
        <dd>{clockOf(elapsedMs)}</dd>
      </div>
      <div>
        <dt>{t('listening.left')}</dt>
        <dd>{clockOf(lastsMs - elapsedMs)}</dd>
      </div>
    </dl>
  );
}
