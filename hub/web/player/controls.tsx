import { CaretRightFilled, PauseOutlined, VerticalAlignMiddleOutlined } from '@ant-design/icons';
import { Button, Segmented } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { clockOf } from '../recordings/words.tsx';
import { jumpMs, type Playable, type Sound, type SoundState } from './sound.ts';

const rates = [0.75, 1, 1.25, 1.5, 2] as const;

interface ControlsProps {
  of: Playable;
  sound: Sound;
  state: SoundState;
  purpose: string;
}

/** The buttons of the player, where it stands, and why it plays. */
export function Controls({ of, sound, state, purpose }: ControlsProps) {
  const { t } = useTranslation();
  const { isPlaying, at, rate, phase } = state;
  const { pressedAtMs } = of;
  const isClosed = phase !== 'open';
  const playButton = useRef<HTMLButtonElement>(null);
  useEffect(() => playButton.current?.focus(), []);
  return (
    <div className="controls">
      <div className="controls-row">
        <Button
          ref={playButton}
          type="primary"
          shape="circle"
          size="large"
          aria-label={t(isPlaying ? 'recordings.player.pause' : 'recordings.player.play')}
          icon={isPlaying ? <PauseOutlined aria-hidden /> : <CaretRightFilled aria-hidden />}
          loading={phase === 'opening'}
          onClick={sound.toggle}
        />
        <Button disabled={isClosed} aria-label={t('recordings.player.back')} onClick={() => sound.seek(at - jumpMs)}>
          −5 s
        </Button>
        <Button disabled={isClosed} aria-label={t('recordings.player.on')} onClick={() => sound.seek(at + jumpMs)}>
          +5 s
        </Button>
        {pressedAtMs !== null && (
          <Button
            disabled={isClosed}
            icon={<VerticalAlignMiddleOutlined rotate={90} aria-hidden />}
            onClick={() => sound.seek(pressedAtMs)}
          >
            {t('recordings.player.toPress')}
          </Button>
        )}
        <span className="controls-time figures">
          <b>{clockOf(at)}</b> / {clockOf(of.durationMs)}
        </span>
        <Segmented<number>
          className="controls-rate"
          aria-label={t('recordings.player.speed')}
          value={rate}
          onChange={sound.setRate}
          options={rates.map((one) => ({ value: one, label: `${one}×` }))}
        />
      </div>
      <p className="muted" role="status">
        <Doing state={state} />
      </p>
      <p className="muted">{t('recordings.player.purposeGiven', { purpose })}</p>
      <p className="muted player-keys">{t('recordings.player.keys')}</p>
    </div>
  );
}

/** What takes its time; after two seconds it says why. */
function Doing({ state: { phase, format, isWaiting } }: { state: SoundState }) {
  const { t } = useTranslation();
  if (phase === 'opening')
    return (
      <span className="player-slow">
        {t(format === 'aac' ? 'recordings.player.makingAac' : 'recordings.player.opening')}
      </span>
    );
  return phase === 'open' && isWaiting ? <span className="player-slow">{t('recordings.player.waiting')}</span> : null;
}
