import { existsSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import type { EventType } from '@manyi/config/events';
import type { LostWhy } from '@manyi/config/recordings';
import type { State } from '../../service/state.ts';
import type { Clip, Clips } from './clips.ts';
import { type Deciding, decide, recollect } from './decision.ts';
import { lostOf, madeOf } from './facts.ts';
import { finished, type KeptClip } from './kept-clip.ts';
import { mend } from './ogg.ts';
import { createRoomWatch, leastFreeBytes, type RoomParts } from './room-watch.ts';

/** What becomes of clips: decided, told, uploaded by others, deleted. */
export interface Keeper extends Clips {
  /** What is known now of how a service was rated. */
  note(service: string, fate: Partial<Pick<Deciding, 'rated' | 'closes'>>): void;
  /** Takes over a clip whose recording was cut off, and mends it. */
  cutOff(clip: KeptClip): void;
  /** Sees to everything that is due; it does so every few seconds by itself. */
  look(): void;
  /** Whether the disk has so little left that nothing may be recorded. */
  isFull(): boolean;
  /** Sees to what is due once more, and then never again. */
  close(): Promise<void>;
}

export interface KeeperParts extends RoomParts {
  /** What the rules remembered when the terminal started. */
  readonly state: State;
  /** Whom the terminal records for now, see home.ts. */
  readonly home: () => string | null;
  /** The agent's own time (epoch milliseconds). */
  readonly now: () => number;
  readonly writeInstant: (at: number) => string;
  /** Records an event that happened at an instant; resolves when it is on the disk. */
  readonly record: (type: EventType, data: Readonly<Record<string, unknown>>, at: number) => Promise<void>;
  /** Something of the disk has failed. */
  readonly onFailed: (error: unknown) => void;
  /** Everything has been seen to: whether nothing has failed in that. */
  readonly onLook: (well: boolean) => void;
}

const everyMs = 2_000;
/** A coder that has outlived its agent writes what it has been given: so long the file must have rested. */
const restMs = 1_000;

export function createKeeper({ shelf, state, freeBytes, now, ...parts }: KeeperParts): Keeper {
  const { home, writeInstant, record, onFailed, onLook } = parts;
  const wanting = createRoomWatch({ ...parts, shelf, freeBytes });
  for (const clip of shelf.all()) {
    remember(clip, state, now());
    giveHome(clip);
  }
  /** Clips whose recording was cut off, in an earlier run or in this one. */
  const cutOff = new Set(shelf.all().filter((clip) => clip.facts().state === 'recording'));
  const announcing: (() => void)[] = [];
  const going: ((recording: string) => void)[] = [];
  let full = false;
  let tail: Promise<void> = Promise.resolve();
  let waits = false;
  /** Whether nothing has failed since the last look began. */
  let well = true;

  function failed(error: unknown): void {
    well = false;
    onFailed(error);
  }

  /** One after the other, so that nothing becomes of a clip twice. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    const done = tail.then(work);
    tail = done.catch(() => {});
    return done;
  }

  /** Whoever asks while a look waits already gets that one. */
  function look(): Promise<void> {
    if (waits) return tail;
    waits = true;
    return inTurn(async () => {
      waits = false;
      well = true;
      for (const clip of shelf.all()) await settle(clip).catch(failed);
      await makeRoom().catch(failed);
      onLook(well);
    });
  }

  /** A clip that the hub has been told of, if it is still here. */
  function announced(recording: string): KeptClip | null {
    const clip = shelf.get(recording);
    return clip?.facts().state === 'announced' ? clip : null;
  }

  /** Whether the hub has got it since it was asked for: then there is nothing to be done or told any more. */
  const hasLeft = (clip: KeptClip) => shelf.get(clip.recording) === undefined;

  async function settle(clip: KeptClip): Promise<void> {
    if (hasLeft(clip)) return;
    giveHome(clip);
    if (!clip.isSaved()) await clip.change({});
    const { state } = clip.facts();
    if (state === 'recording' && cutOff.has(clip)) await mendCut(clip);
    if (state === 'waiting') await decideOn(clip);
    if (state === 'announced' && isAway(clip)) await lose(clip, 'moved');
    if (state === 'lost') await tellLost(clip);
  }

  /** What was recorded for nobody yet is for whom the terminal is enrolled first. */
  function giveHome(clip: KeptClip): void {
    if (clip.facts().home === null) clip.note({ home: home() });
  }

  /** Whether it was recorded for others than the terminal belongs to now: they must not hear it. */
  function isAway(clip: KeptClip): boolean {
    const [its, ours] = [clip.facts().home, home()];
    return its !== null && ours !== null && its !== ours;
  }

  /** A clip that was cut off, by a failure of the terminal or of its coder. */
  async function mendCut(clip: KeptClip): Promise<void> {
    const { mtimeMs } = await stat(clip.sound);
    if (Math.abs(Date.now() - mtimeMs) < restMs) return;
    const left = await mend(clip.sound);
    cutOff.delete(clip);
    if (left === null) return lose(clip, 'unreadable');
    const end = await finished(clip, left.samples);
    // Of one whose own file was broken, the sound's still tells when it was written last.
    const startedAt = clip.facts().startedAt || Math.round(mtimeMs) - end.durationMs;
    await clip.change({ ...end, startedAt, repaired: true });
    await decideOn(clip);
  }

  async function decideOn(clip: KeptClip): Promise<void> {
    const verdict = decide(clip.facts(), now());
    if (verdict === 'discard') await remove(clip);
    else if (isAway(clip)) await lose(clip, 'moved');
    else if (verdict === 'keep') await announce(clip);
  }

  /** Told again after a crash in between, and when the hub has forgotten it; the hub takes the first word. */
  async function tellMade(clip: KeptClip): Promise<void> {
    const known = clip.facts();
    // Told for when it began: so its time and its start move alike should that boot's clock prove wrong.
    await record('manyi.recording.made.v1', madeOf(known, writeInstant), known.startedAt);
  }

  async function announce(clip: KeptClip): Promise<void> {
    await tellMade(clip);
    await clip.change({ state: 'announced' }).catch(failed);
    for (const listener of announcing) listener();
  }

  /** Its sound goes first, since that makes room; the word of it survives a crash, for what is known stays until it is told. */
  async function lose(clip: KeptClip, why: LostWhy): Promise<void> {
    if (hasLeft(clip)) return;
    await clip.change({ state: 'lost', why }).catch(() => {});
    await rm(clip.sound, { force: true });
    for (const listener of going) listener(clip.recording);
    await tellLost(clip);
  }

  async function tellLost(clip: KeptClip): Promise<void> {
    await record('manyi.recording.lost.v1', lostOf(clip.facts(), writeInstant), clip.facts().startedAt || now());
    await remove(clip);
  }

  async function remove(clip: KeptClip): Promise<void> {
    shelf.drop(clip);
    await clip.remove();
  }

  async function makeRoom(): Promise<void> {
    for (const clip of wanting()) await lose(clip, 'no-room');
    full = freeBytes() < leastFreeBytes;
  }

  const timer = setInterval(() => void look(), everyMs);
  void look();
  return {
    note(service, fate) {
      for (const clip of shelf.all()) {
        const { service: its, rated, closes } = clip.facts();
        if (its !== service) continue;
        const news = { rated: rated ?? fate.rated ?? null, closes: fate.closes ?? closes };
        if (news.rated !== rated || news.closes !== closes) void clip.change(news).catch(failed);
      }
      void look();
    },
    cutOff: (clip) => void cutOff.add(clip),
    look: () => void look(),
    isFull: () => full,
    announced: () =>
      shelf
        .all()
        .filter((clip) => clip.facts().state === 'announced' && !isAway(clip))
        .map(toClip),
    onAnnounced: (listener) => void announcing.push(listener),
    onGone: (listener) => void going.push(listener),
    async setUploadUrl(recording, url) {
      await announced(recording)?.change({ uploadUrl: url });
    },
    async tellAgain(recording) {
      const clip = announced(recording);
      if (clip !== null) await tellMade(clip);
    },
    async uploaded(recording) {
      const clip = announced(recording);
      // At once: whoever makes room meanwhile must not tell that it is lost.
      if (clip !== null) await remove(clip);
    },
    refused(recording) {
      return inTurn(async () => {
        const clip = announced(recording);
        if (clip !== null) await lose(clip, 'refused');
      });
    },
    async close() {
      clearInterval(timer);
      await look();
      // What was noted on the way is on the disk as well.
      await Promise.all(shelf.all().map((clip) => clip.change({}).catch(failed)));
    },
  };
}

/** What has happened to a clip while the terminal was not running. The next look writes it down. */
function remember(clip: KeptClip, state: State, now: number): void {
  const gone = clip.facts().state !== 'lost' && !existsSync(clip.sound);
  const lost = gone ? ({ state: 'lost', why: 'unreadable' } as const) : {};
  clip.note({ ...recollect(clip.facts(), state, now), ...lost });
}

function toClip(clip: KeptClip): Clip {
  const { recording, bytes, sha256, uploadUrl } = clip.facts();
  return { recording, file: clip.sound, bytes, sha256, uploadUrl };
}
