import type { Recording } from '@manyi/config/recordings';
import { useTranslation } from 'react-i18next';
import { Player } from '../player/player.tsx';
import { Damaged } from './damaged.tsx';
import { faultOf } from './words.tsx';

/** The player of a stored recording, or why there is nothing to hear. What is left of a damaged one can be heard. */
export function Listen({ of }: { of: Recording }) {
  const { t } = useTranslation();
  const { recording, state, durationMs, fault } = of;
  const hasSound = state === 'stored' || (state === 'damaged' && fault !== 'missing');
  const why = faultOf(of);
  return (
    <>
      {state === 'damaged' && <Damaged of={of} />}
      {hasSound && durationMs !== null && <Player key={recording} of={{ ...of, durationMs }} />}
      {state !== 'stored' && state !== 'damaged' && (
        <div className="nothing">
          <b>{t(`recordings.states.${state}`)}</b>
          <p className="muted">{t(why === null ? `recordings.stateHelp.${state}` : `recordings.faultHelp.${why}`)}</p>
        </div>
      )}
    </>
  );
}
