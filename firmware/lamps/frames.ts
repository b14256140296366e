import type { LampPattern } from './contract.ts';

/** What the lamps do at one moment: all faces alike, and the badge lamp. */
export interface Frame {
  readonly faces: boolean;
  readonly badge: boolean;
}

/** How often a driver looks for the next frame. Milliseconds. */
export const frameMs = 125;

/** The pattern after so many milliseconds. Only the badge lamp of a resting panel tells that it works. */
export function frame(pattern: LampPattern, ms: number): Frame {
  const fast = Math.floor(ms / frameMs) % 2 === 0;
  const slow = Math.floor(ms / (4 * frameMs)) % 2 === 0;
  switch (pattern) {
    case 'off':
      return { faces: false, badge: false };
    case 'ready':
      return { faces: false, badge: true };
    case 'ask':
      return { faces: true, badge: true };
    case 'ask-again':
      return { faces: fast, badge: true };
    case 'thanks':
      return { faces: slow, badge: true };
    case 'failure':
      return { faces: false, badge: slow };
  }
}

/** How the badge lamp says that somebody listens in: two short flashes a second, which no pattern has. */
export function listeningFlash(ms: number): boolean {
  const step = Math.floor(ms / frameMs) % 8;
  return step === 0 || step === 2;
}

/** Keeps a pattern going: calls `light` whenever the lamps change, and when `refresh` asks for it. */
export interface FramePlayer {
  show(pattern: LampPattern): void;
  showListening(listening: boolean): void;
  refresh(): void;
  /** Turns the lamps off, for good. */
  close(): void;
}

/** Plays patterns, from `off`. */
export function createFramePlayer(light: (frame: Frame) => void): FramePlayer {
  let pattern: LampPattern = 'off';
  let begun = performance.now();
  /** Since when somebody listens in: the flashes go on through every change of pattern. */
  let listeningSince: number | null = null;
  let lit: Frame = { faces: false, badge: false };
  let closed = false;
  function wanted(): Frame {
    const now = performance.now();
    const shown = frame(pattern, now - begun);
    return listeningSince === null ? shown : { ...shown, badge: listeningFlash(now - listeningSince) };
  }
  function step(): void {
    const next = wanted();
    if (next.faces === lit.faces && next.badge === lit.badge) return;
    lit = next;
    light(lit);
  }
  const timer = setInterval(step, frameMs);
  return {
    show(next) {
      if (closed || next === pattern) return;
      pattern = next;
      begun = performance.now();
      step();
    },
    showListening(listening) {
      if (closed || listening === (listeningSince !== null)) return;
      listeningSince = listening ? performance.now() : null;
      step();
    },
    refresh: () => light(lit),
    close() {
      closed = true;
      clearInterval(timer);
      pattern = 'off';
      listeningSince = null;
      step();
    },
  };
}
