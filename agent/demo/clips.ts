import { copyFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { profileIds } from '@manyi/config/profiles';
import { v7 } from 'uuid';
import { z } from 'zod';
import type { NewEvent } from '../outbox/outbox.ts';
import { closesAfter, ratedBy } from '../recording/clips/decision.ts';
import { type Facts, facts } from '../recording/clips/facts.ts';
import { finished } from '../recording/clips/kept-clip.ts';
import { wholeOf } from '../recording/clips/ogg.ts';
import { openShelf } from '../recording/clips/shelf.ts';

/** A spoken clip that comes with the demo, as its terminal would have measured it. `clips/make.sh` makes their sound. */
interface Spoken extends Pick<Facts, 'speechShare' | 'peak' | 'clippedShare'> {
  readonly name: string;
  readonly pressedAtMs: number;
}

const spoken: readonly Spoken[] = [
  { name: 'waited', pressedAtMs: 21_131, speechShare: 0.629, peak: 0.532, clippedShare: 0 },
  { name: 'moved', pressedAtMs: 13_284, speechShare: 0.553, peak: 0.505, clippedShare: 0 },
  { name: 'twice', pressedAtMs: 19_077, speechShare: 0.572, peak: 0.519, clippedShare: 0 },
];

const here = import.meta.dirname;
// Compiled, this file lies in dist/demo; the sound stays beside its source.
const sounds = basename(dirname(here)) === 'dist' ? join(dirname(dirname(here)), 'demo', 'clips') : join(here, 'clips');

/** So many of a counter's last ratings have a clip. */
const eachCounter = 3;

/**
 * Leaves on the shelf of a terminal, which is yet to be opened, clips of its last ratings that were not good, as a terminal that was away
 * from its hub would have them. `at` is which of the spoken ones comes first.
 */
export async function leaveClips(terminalFolder: string, past: readonly NewEvent[], at: number): Promise<void> {
  const shelf = await openShelf(terminalFolder, () => {});
  const ratings = past.flatMap(ratingIn).slice(-eachCounter);
  for (const [index, rating] of ratings.entries()) {
    const said = spoken[(at + index) % spoken.length];
    if (said === undefined) continue;
    const clip = await shelf.add(factsOf(rating, said));
    await copyFile(join(sounds, `${said.name}.opus`), clip.sound);
    const whole = await wholeOf(clip.sound);
    if (whole === null) throw new Error(`the clip ${said.name} of the demo has no sound`);
    await clip.change(await finished(clip, whole.samples));
  }
}

const pressed = z.object({
  service: z.string(),
  duty: z.string().nullable(),
  clerk: z.string().nullable(),
  counter: z.string().nullable(),
  profile: z.enum(profileIds),
  level: z.string(),
});

interface Rating extends z.infer<typeof pressed> {
  readonly at: number;
}

/** Ratings that were not good: those are listened to. */
function ratingIn({ type, data, at }: NewEvent): Rating[] {
  if (type !== 'manyi.rating.given.v1' || at === undefined) return [];
  const rating = pressed.parse(data);
  return ratedBy(rating.profile, rating.level) === 'good' ? [] : [{ ...rating, at }];
}

function factsOf(rating: Rating, { pressedAtMs, speechShare, peak, clippedShare }: Spoken): Facts {
  const { service, duty, clerk, counter, profile, level, at } = rating;
  return facts.parse({
    shape: 1,
    recording: v7(),
    state: 'recording',
    ...{ service, duty, clerk, counter },
    startedAt: at - pressedAtMs,
    ...{ durationMs: 0, pressedAtMs, bytes: 0, sha256: '' },
    ...{ speechShare, peak, clippedShare, repaired: false },
    ...{ keep: 'all', rated: ratedBy(profile, level), closes: closesAfter(at), uploadUrl: null, why: null },
  });
}
