import { frame, frameMs, listeningFlash } from '@manyi/firmware/lamps/frames';
import { createSimulatedLamps } from '@manyi/firmware/lamps/simulated';
import { lampsContract } from './lamps-contract.ts';

/** What the pattern of simulated lamps looks like over two seconds. */
const moments = Array.from({ length: 16 }, (_, n) => n * frameMs);

lampsContract('simulated', () => {
  const lamps = createSimulatedLamps();
  const frames = () =>
    moments.map((ms) => {
      const { faces, badge } = frame(lamps.pattern, ms);
      return { faces, badge: lamps.listening ? listeningFlash(ms) : badge };
    });
  return {
    lamps,
    async look(wanted) {
      if (!frames().some(({ faces, badge }) => faces === wanted.faces && badge === wanted.badge)) {
        throw new Error(`${lamps.pattern} never looks like that`);
      }
    },
    async stayDark() {
      if (frames().some(({ faces, badge }) => faces || badge)) throw new Error(`${lamps.pattern} is lit`);
    },
  };
});
