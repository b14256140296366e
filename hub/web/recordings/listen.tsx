import type { Recording } from '@manyi/config/recordings';
import { useTranslation } from 'react-i18next';
import { Player } from '../player/player.tsx';

/** The player of a stored recording, or why there is nothing to hear. */
export function Listen({ of }: { of: Recording }) {
  const { t } = useTranslation();
  if (of.state === 'stored') return <Player key={of.recording} of={of} />;
  return (
    <div className="nothing">
      <b>{t(`recordings.states.${of.state}`)}</b>
      <p className="muted">{t(`recordings.stateHelp.${of.state}`)}</p>
    </div>
  );
}
