import { type CSSProperties, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useCauseWords } from '../frame/cause.ts';
import { useWaveform } from '../recordings/use-recordings.ts';
import { clockOf } from '../recordings/words.tsx';
import type { Playable } from './sound.ts';

interface WaveProps {
  of: Playable;
  at: number;
  seek: (ms: number) => void;
  canSeek: boolean;
}

/** The outline of the sound with the moment of the press marked. It is the slider of the player. */
export function Wave({ of, at, seek, canSeek }: WaveProps) {
  const { t } = useTranslation();
  const { durationMs, pressedAtMs } = of;
  const { data } = useWaveform(of);
  const shape = useMemo(() => drawing(data?.peaks ?? []), [data?.peaks]);
  const share = (ms: number) => (durationMs === 0 ? 0 : Math.min(1, ms / durationMs));
  const place = { time: clockOf(at), length: clockOf(durationMs) };
  return (
    <div className="wave-box">
      <div className="wave" style={{ '--played': share(at) } as CSSProperties}>
        <svg viewBox={`0 0 ${shape.width} 200`} preserveAspectRatio="none" aria-hidden="true">
          <path d={shape.path} />
          <path d={shape.path} className="wave-played" />
        </svg>
        {pressedAtMs !== null && <Press at={pressedAtMs} share={share(pressedAtMs)} />}
        <input
          type="range"
          min={0}
          max={durationMs}
          step={10}
          value={at}
          disabled={!canSeek}
          aria-label={t('recordings.player.position')}
          aria-valuetext={t('recordings.player.positionText', place)}
          onChange={(event) => seek(event.target.valueAsNumber)}
        />
      </div>
      <Outline peaks={data?.peaks ?? null} failed={data?.failed ?? null} isRead={data !== undefined} />
    </div>
  );
}

function Press({ at, share }: { at: number; share: number }) {
  const { t } = useTranslation();
  return (
    <span className={`wave-press ${share > 0.8 ? 'is-late' : ''}`} style={{ left: `${share * 100}%` }}>
      <b>{t('recordings.player.pressAt', { time: clockOf(at) })}</b>
    </span>
  );
}

/** What it says while there is no outline, or where there can be none. */
function Outline({
  peaks,
  failed,
  isRead,
}: {
  peaks: readonly number[] | null;
  failed: string | null;
  isRead: boolean;
}) {
  const { t } = useTranslation();
  const causeWords = useCauseWords();
  if (failed !== null) return <p className="muted">{t('recordings.player.noOutline', { why: causeWords(failed) })}</p>;
  if (!isRead || peaks !== null) return null;
  return (
    <p className="muted player-slow" role="status">
      {t('recordings.player.making')}
    </p>
  );
}

const mostBars = 240;
/** What is quieter is not drawn larger than this would be: noise is no speech. */
const leastPeak = 48;

/** One bar for each stretch of time, as high as its loudest moment. */
function drawing(peaks: readonly number[]): { path: string; width: number } {
  const each = Math.max(1, Math.ceil(peaks.length / mostBars));
  const bars = Array.from({ length: Math.ceil(peaks.length / each) }, (_, index) =>
    Math.max(...peaks.slice(index * each, (index + 1) * each)),
  );
  const loudest = Math.max(leastPeak, ...bars);
  const path = bars
    .map((peak, index) => {
      const half = Math.max(1, Math.round(96 * (peak / loudest) ** 0.7));
      return `M${index + 0.15} ${100 - half}h.7v${2 * half}h-.7z`;
    })
    .join('');
  return { path, width: Math.max(1, bars.length) };
}
