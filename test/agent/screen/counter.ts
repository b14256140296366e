import { setMaxListeners } from 'node:events';
import type { ScreenInput } from '@manyi/agent/screen/input';
import { createScreen, type Screen, type ScreenOptions } from '@manyi/agent/screen/server';
import type { Choice, ScreenView } from '@manyi/agent/screen/view';
import { type ProfileId, profiles } from '@manyi/config/profiles';
import { reasons } from '@manyi/config/reasons';
import { onTestFinished } from 'vitest';

/** The faces of a profile. */
export function facesOf(profile: ProfileId): Choice[] {
  return profiles[profile].levels.map(({ name, words }) => ({ name, words }));
}

/** A counter with a clerk on duty and nobody being served. */
export const idle: ScreenView = {
  phase: 'idle',
  now: Date.parse('2026-11-22T01:31:00Z'),
  timeZone: 'Asia/Shanghai',
  counter: '3 号窗口',
  clerk: { id: 'C0017', name: '林晓雯', number: '0017', stars: 4, photo: null },
  paused: false,
  asksAgain: false,
  levels: facesOf('four-key'),
  countdown: null,
  reasons: Object.entries(reasons).map(([name, words]) => ({ name, words })),
  notice: null,
  online: true,
  recording: false,
  listening: false,
  mayShowHeard: true,
};

/** The invitation of the service that runs. */
export const inviting: ScreenView = {
  ...idle,
  phase: 'invitation',
  mayShowHeard: false,
  countdown: { closesInMs: 12_400, totalMs: 20_000 },
};

/** What the agent hears, one after another. */
export interface Counter {
  readonly screen: Screen;
  readonly inputs: ScreenInput[];
  /** Shows something else. */
  show(view: Partial<ScreenView>): void;
  /** Resolves with the next input that is not yet taken. */
  heard(): Promise<ScreenInput>;
}

/** A counter screen on a free port for the running test, which has the agent's side in its hand. `carryOut` is what becomes of an input. */
export async function openCounter(
  first: ScreenView,
  options: Partial<Pick<ScreenOptions, 'onInput' | 'photo' | 'heard'>> = {},
): Promise<Counter> {
  let view = first;
  const inputs: ScreenInput[] = [];
  const heard = new EventTarget();
  setMaxListeners(0, heard);
  let taken = 0;
  const screen = await createScreen({
    port: 0,
    view: () => view,
    onInput: async (input) => {
      inputs.push(input);
      heard.dispatchEvent(new Event('input'));
      await options.onInput?.(input);
    },
    ...(options.photo && { photo: options.photo }),
    ...(options.heard && { heard: options.heard }),
  });
  onTestFinished(screen.close);
  return {
    screen,
    inputs,
    show(change) {
      view = { ...view, ...change };
      screen.update();
    },
    async heard() {
      const number = taken++;
      while (inputs.length <= number) {
        await new Promise((resolve) => heard.addEventListener('input', resolve, { once: true }));
      }
      return inputs[number] as ScreenInput;
    },
  };
}
