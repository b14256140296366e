import { join } from 'node:path';
import type { RecordingPolicy } from '@manyi/config/recordings';
import type { FastifyPluginAsync } from 'fastify';
import type { Logger } from 'pino';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { createSteady } from '../steady.ts';
import { followAnnouncements } from './announced/announced.ts';
import { createAnnouncementStore, type Loss } from './announced/store.ts';
import { folderKeep } from './keep/folder.ts';
import { type Bucket, s3Keep } from './keep/s3.ts';
import { createKeyMemory } from './keep/store.ts';
import { watchKeep } from './keep/watched.ts';
import { startPatrol } from './patrol/patrol.ts';
import { createPatrolMemory } from './patrol/store.ts';
import { createStrays } from './patrol/strays.ts';
import { createPlays } from './play/plays.ts';
import { playRoutes } from './play/routes.ts';
import type { ToldRecord } from './recording.ts';
import { recordingRoutes } from './routes.ts';
import { watchClock } from './rules/clock-watch.ts';
import { createDeletion } from './rules/deletion.ts';
import { createPolicies } from './rules/policy.ts';
import { policyRoutes } from './rules/policy-routes.ts';
import { ruleRoutes } from './rules/routes.ts';
import { createRuleStore } from './rules/store.ts';
import { startSweep } from './rules/sweep.ts';
import { createAacMaker } from './sound/aac.ts';
import { createOutlines } from './sound/outlines.ts';
import { createWaveformStore } from './sound/store.ts';
import { createSounds } from './sounds.ts';
import { stateOf } from './state.ts';
import { createRecordingStore } from './store.ts';
import { openIncoming } from './upload/incoming.ts';
import { createPace } from './upload/pace.ts';
import { createRoom } from './upload/room.ts';
import { uploadRoutes } from './upload/routes.ts';
import { off, openWorks, type Works } from './works.ts';

/** Where recordings lie and what opens them. `keyFile` null is a key that the hub makes itself; `bucket` null its data folder. */
export interface RecordingSettings {
  readonly keyFile: string | null;
  readonly bucket: Bucket | null;
  /** How much of the disk clips leave free, in bytes: left out, 256 MB. */
  readonly leastFree?: number;
  /** How long the patrol of all clips takes at least, in milliseconds: left out, a day. */
  readonly roundMs?: number;
}

/** The clips behind the ratings. */
export interface Recordings {
  readonly routes: FastifyPluginAsync;
  /** What a site's terminals record. */
  policyOf(site: string): RecordingPolicy;
  /** The held clips that a terminal has not sent yet. */
  heldAt(terminal: string): string[];
  /** Ends every play in the audit log. Before the database is closed. */
  close(): Promise<void>;
}

export interface RecordingParts {
  readonly database: Database;
  readonly ledger: Ledger;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: Logger;
  /** The hub's data folder. */
  readonly folder: string;
  readonly settings: RecordingSettings;
  /** Is told when something else is to be recorded at a site. */
  readonly policyChanged: (site: string) => void;
  /** Is told when other clips are held at a terminal than before. */
  readonly heldChanged: (terminal: string) => void;
}

/**
 * How many bytes of clips may pass in a second, from all terminals together. Each byte passes twice: when it comes, and when it is sealed.
 * That is ten times what two hundred counters record, and little enough that ratings are taken in meanwhile at nearly their full rate.
 */
const bytesPerSecond = 12 * 1024 * 1024;

const usualRoundMs = 24 * 60 * 60 * 1000;

/** Left free for everything else that the hub must write, in bytes. */
const usualLeastFree = 256 * 1024 * 1024;

/** Without a usable key everything else of the hub goes on: what needs it answers 503, and one line in the log says why. */
export function openRecordings(parts: RecordingParts): Recordings {
  const { database, ledger, audit, clock, log, settings, heldChanged } = parts;
  const { now } = clock;
  const store = createRecordingStore(database);
  const rules = createRuleStore(database);
  const onError = (error: unknown) => log.error({ err: error }, 'a part of the recordings failed');
  const storage =
    settings.bucket === null ? folderKeep(join(parts.folder, 'recordings'), store.hasKept) : s3Keep(settings.bucket);
  const keep = watchKeep(storage, (why) => log.error(why));
  const incoming = openIncoming(join(parts.folder, 'incoming'), createPace(bytesPerSecond).take);
  // It comes to one folder and is kept in another, which may lie on a disk of its own.
  const free = async () => Math.min(await incoming.free(), await keep.free());
  const room = createRoom(free, settings.leastFree ?? usualLeastFree);
  const stored = ({ recording, terminal, held }: ToldRecord) => {
    outlines.add(recording);
    if (held === 1) heldChanged(terminal);
  };
  const place = { file: settings.keyFile, folder: parts.folder };
  const opened = openWorks({ place, memory: createKeyMemory(database), store, keep, incoming, room, log, stored });
  const works = (): Works => {
    if (opened.works === null) throw off(opened.why);
    return opened.works;
  };
  const takingIn = (): Works => {
    const fault = works().keyFault();
    if (fault !== null) throw off(fault.message);
    return works();
  };
  const sounds = createSounds({ store, keep, key: () => works().key, now, log });
  const waveforms = createWaveformStore(database);
  const whole = (record: ToldRecord) => sounds.of(record)(0, record.bytes);
  const outlines = createOutlines({ store: waveforms, find: store.find, sound: whole, log });
  const lost = ({ recording, terminal }: Loss) => {
    void incoming.discard(recording).catch(onError);
    if (store.find(recording)?.held === 1) heldChanged(terminal);
  };
  const announced = followAnnouncements({ ledger, store: createAnnouncementStore(database), now, lost, onError });
  const plays = createPlays(audit, createSteady(clock), onError);
  const aac = createAacMaker();
  const forget = (recording: string) => {
    waveforms.forget(recording);
    aac.forget(recording);
  };
  const settled = opened.works?.arrival.settled ?? (async () => {});
  const deletion = createDeletion({ store, forget, audit, keep, incoming, settled, onError });
  const mayJudgeAge = watchClock({ now, seen: rules.clockSeen, see: rules.seeClock, log });
  const sweep = startSweep({ store, rules, deletion, incoming, now, mayJudgeAge, onError });
  const policies = createPolicies({ store, rules, audit, changed: parts.policyChanged });
  const patrol = beginPatrol();
  const state = () => stateOf({ opened, keep, room, unclaimed: patrol?.unclaimed() ?? 0 });
  const { mayDownload } = rules;
  const playing = { store, mayDownload, outlineOf: outlines.of, aac, plays, audit, sounds, mended: outlines.add };
  if (opened.works !== null) outlines.start();

  /** Without a key nothing can be read. */
  function beginPatrol() {
    if (opened.works === null) return null;
    const { arrival } = opened.works;
    const strays = createStrays({ keep, store, sounds, arrival, deletion, audit, stored, log });
    const memory = createPatrolMemory(database);
    const roundMs = settings.roundMs ?? usualRoundMs;
    const going = startPatrol({ store, sounds, strays, memory, mended: outlines.add, now, log, roundMs });
    return { ...going, unclaimed: strays.unclaimed };
  }
  void keep.check();

  return {
    policyOf: policies.of,
    heldAt: store.heldAt,
    routes: async (api) => {
      const verifiedSince = () => patrol?.verifiedSince() ?? null;
      await api.register(recordingRoutes, { store, state, verifiedSince, mayDownload });
      await api.register(uploadRoutes, { store, works: takingIn, catchUp: announced.catchUp });
      await api.register(playRoutes, playing);
      await api.register(ruleRoutes, { store, rules, audit, deletion, heldChanged });
      await api.register(policyRoutes, { policies });
    },
    async close() {
      announced.close();
      plays.close();
      await sweep.close();
      await patrol?.close();
      await outlines.close();
    },
  };
}
