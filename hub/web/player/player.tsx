import { CaretRightFilled } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { Alert } from 'antd';
import { type KeyboardEvent, useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { PurposeForm } from '../frame/purpose-form.tsx';
import { Refused } from '../frame/states.tsx';
import { Controls } from './controls.tsx';
import { createSound, jumpMs, type Playable, type Sound, type SoundState } from './sound.ts';
import { Wave } from './wave.tsx';
import './player.css';

const usual = ['followUp', 'complaint', 'check'] as const;

/** Plays a stored recording, once somebody has said why. Space plays and pauses, arrows jump, P goes to the press. */
export function Player({ of }: { of: Playable }) {
  const { t } = useTranslation();
  const [sound] = useState(() => createSound(new Audio(), of));
  const state = useSyncExternalStore(sound.subscribe, sound.state);
  const [purpose, setPurpose] = useState<string | null>(null);
  useEffect(() => sound.close, [sound]);
  useReadAgain(state.phase === 'refused' || state.phase === 'broken');
  const open = (why: string) => {
    setPurpose(why);
    sound.open(why);
  };
  return (
    <section
      className="player"
      aria-label={t('recordings.player.title')}
      onKeyDown={(event) => hearKey(event, sound, state, of.pressedAtMs)}
    >
      <Wave of={of} at={state.at} seek={sound.seek} canSeek={state.phase === 'open'} />
      <Trouble state={state} retry={() => open(purpose ?? '')} />
      {purpose === null || state.phase === 'refused' ? (
        <PurposeForm
          given={purpose ?? ''}
          words={{
            label: t('recordings.player.why'),
            help: t('recordings.player.whyHelp'),
            usual: usual.map((one) => t(`recordings.player.usual.${one}`)),
            go: t('recordings.player.play'),
          }}
          icon={<CaretRightFilled aria-hidden />}
          go={open}
        />
      ) : (
        <Controls of={of} sound={sound} state={state} purpose={purpose} />
      )}
    </section>
  );
}

/** Whoever cannot hear a recording may be the first to find out what became of it. */
function useReadAgain(isAmiss: boolean): void {
  const cache = useQueryClient();
  useEffect(() => {
    if (!isAmiss) return;
    for (const key of ['recording', 'recordings']) void cache.invalidateQueries({ queryKey: [key] });
  }, [isAmiss, cache]);
}

function Trouble({ state: { phase, error }, retry }: { state: SoundState; retry: () => void }) {
  const { t } = useTranslation();
  if (phase === 'refused' && error !== null) return <Refused error={error} />;
  if (phase !== 'broken') return null;
  return (
    <Alert
      className="failed"
      type="error"
      showIcon
      role="alert"
      title={t('recordings.player.broken')}
      description={t('recordings.player.brokenDetail')}
      action={
        <button type="button" className="link-button" onClick={retry}>
          {t('common.retry')}
        </button>
      }
    />
  );
}

/** Keys that mean something to what has the focus are left to it. */
function hearKey(event: KeyboardEvent, sound: Sound, { at, phase }: SoundState, pressedAtMs: number | null): void {
  const target = event.target as HTMLElement;
  const isSlider = target.matches('input[type=range]');
  if (phase !== 'open' || event.ctrlKey || event.metaKey || event.altKey) return;
  if (target.matches('input, textarea') && !isSlider) return;
  if (event.key === ' ' && target.matches('button')) return;
  const act = actOf(event.key, sound, at, pressedAtMs);
  if (act === null) return;
  event.preventDefault();
  act();
}

function actOf(key: string, sound: Sound, at: number, pressedAtMs: number | null): (() => void) | null {
  switch (key) {
    case ' ':
      return sound.toggle;
    case 'ArrowLeft':
      return () => sound.seek(at - jumpMs);
    case 'ArrowRight':
      return () => sound.seek(at + jumpMs);
    case 'p':
    case 'P':
      return pressedAtMs === null ? null : () => sound.seek(pressedAtMs);
    default:
      return null;
  }
}
