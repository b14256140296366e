import { type ProfileId, profiles } from '@manyi/config/profiles';
import type { Input, Rules } from '../service/inputs.ts';
import { type Chance, createChance } from './chance.ts';
import { anotherLevel, type Customer, nextCustomer } from './customer.ts';
import { type HallClerk, hallClerks, hallCounters, hallShifts, type Shift } from './hall.ts';

/** One thing that happens at a counter, `at` milliseconds after the opening of the hall. */
export interface PlannedInput {
  readonly at: number;
  readonly counter: string;
  readonly input: Input;
}

/** A day of the demo hall. `length` is how many milliseconds it takes from opening to the last badge. */
export interface DayOptions {
  readonly counters: number;
  readonly clerks: number;
  readonly length: number;
  readonly profile: ProfileId;
}

export const defaultDay: DayOptions = { counters: 12, clerks: 20, length: 10 * 60_000, profile: 'four-key' };

/** The timings of the terminals in the demo: shorter than a hall's, as its day is, and still to be followed by eye. */
export const demoTimings: Pick<Rules, 'invitationMs' | 'thanksMs' | 'lockoutMs'> = {
  invitationMs: 4000,
  thanksMs: 1000,
  lockoutMs: 2000,
};

/** The people of the day that `planDay` plans for the same seed and options. */
export function dayClerks(seed: number, options: DayOptions = defaultDay): HallClerk[] {
  return hallClerks(createChance(seed), options.clerks);
}

/** All inputs of a day of these clerks in the order of their time. The same seed and options give the same day. */
export function planDay(
  seed: number,
  options: DayOptions = defaultDay,
  clerks: readonly HallClerk[] = dayClerks(seed, options),
): PlannedInput[] {
  const chance = createChance(seed + 1);
  const shifts = hallShifts(chance, hallCounters(options.counters), clerks, options.length);
  return shifts.flatMap((shift) => planShift(chance, shift, options)).sort((a, b) => a.at - b.at);
}

/** How a shift is written down: what happens now, and how time goes on. */
interface Diary {
  now: number;
  readonly note: (input: Input) => void;
}

function planShift(chance: Chance, shift: Shift, options: DayOptions): PlannedInput[] {
  const planned: PlannedInput[] = [];
  const diary: Diary = {
    now: shift.from,
    note: (input) => planned.push({ at: Math.round(diary.now), counter: shift.counter, input }),
  };
  diary.note({ type: 'badge', clerk: shift.clerk.id });
  const breaks = [...shift.breaks];
  while (diary.now < shift.to - serviceMs) {
    wait(chance, diary, options);
    if (breaks[0] !== undefined && diary.now >= breaks[0].from) takeBreak(diary, breaks.shift());
    else serve(chance, diary, shift.clerk, options.profile);
  }
  diary.now = shift.to;
  if (shift.endsBy === 'tap') diary.note({ type: 'badge', clerk: shift.clerk.id });
  // Whoever still stands there is left to the terminal: a tap after the relief's would begin another duty.
  return planned.filter(({ at }) => at <= Math.round(shift.to));
}

/** A usual service, without the asking. */
const serviceMs = 5000;

/** Until the next customer: the hall is fullest in mid-morning and mid-afternoon. Now and then a child finds the panel. */
function wait(chance: Chance, diary: Diary, options: DayOptions): void {
  const part = diary.now / options.length;
  const crowd = Math.exp(-(((part - 0.25) / 0.15) ** 2)) + 0.8 * Math.exp(-(((part - 0.7) / 0.12) ** 2));
  if (chance.happens(0.01)) childPlays(chance, diary, options.profile);
  diary.now += chance.between(200, 6000 - 4500 * Math.min(1, crowd));
}

function childPlays(chance: Chance, diary: Diary, profile: ProfileId): void {
  const faces = profiles[profile].levels.map(({ name }) => [name, 1] as const);
  diary.note({ type: 'end' });
  diary.now += demoTimings.invitationMs + 1000;
  for (let presses = chance.between(5, 20); presses > 0; presses--) {
    diary.note({ type: 'press', level: chance.pick(faces) });
    diary.now += chance.between(100, 900);
  }
}

function takeBreak(diary: Diary, pause: Shift['breaks'][number] | undefined): void {
  if (pause === undefined) return;
  diary.note({ type: 'end' });
  diary.now += demoTimings.invitationMs;
  diary.note({ type: 'pause', reason: pause.reason });
  diary.now += pause.to - pause.from;
  diary.note({ type: 'resume' });
}

/** One customer, from the call to the clerk's moving on. */
function serve(chance: Chance, diary: Diary, clerk: HallClerk, profile: ProfileId): void {
  const customer = nextCustomer(chance, clerk, profile);
  diary.note({ type: 'next', ticket: null, business: customer.business });
  const talkMs = serviceMs * customer.patience * chance.between(0.5, 1);
  if (customer.answers === 'unasked') answer(chance, diary, customer, profile);
  diary.now += talkMs;
  diary.note({ type: chance.happens(clerk.inviting) ? 'invite' : 'end' });
  if (customer.answers === 'unasked') return;
  diary.now += chance.between(600, demoTimings.invitationMs - 800);
  if (customer.answers === 'asked') answer(chance, diary, customer, profile);
  else if (customer.answers === 'not-now') diary.note({ type: 'not-now' });
  else diary.now += demoTimings.invitationMs;
}

function answer(chance: Chance, diary: Diary, customer: Customer, profile: ProfileId): void {
  const { level, reason, repeats, twoFaces } = customer;
  if (twoFaces) diary.note({ type: 'two-faces', levels: [level, anotherLevel(profile, level)] });
  if (twoFaces) diary.now += 600;
  diary.note({ type: 'press', level });
  for (let again = 0; again < repeats; again++) {
    diary.now += chance.between(100, 500);
    diary.note({ type: 'press', level });
  }
  diary.now += chance.between(600, 1500);
  if (reason !== null) diary.note({ type: 'reason', reason });
}
