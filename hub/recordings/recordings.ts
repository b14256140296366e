import { join } from 'node:path';
import type { RecordingPolicy } from '@manyi/config/recordings';
import type { FastifyPluginAsync } from 'fastify';
import type { Logger } from 'pino';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { followAnnouncements } from './announced/announced.ts';
import { createAnnouncementStore } from './announced/store.ts';
import { folderKeep } from './keep/folder.ts';
import type { Keep } from './keep/keep.ts';
import { KeyError, readKey } from './keep/key.ts';
import { type Bucket, s3Keep } from './keep/s3.ts';
import { createKeyMemory } from './keep/store.ts';
import { watchKeep } from './keep/watched.ts';
import { createPlays } from './play/plays.ts';
import { playRoutes } from './play/routes.ts';
import type { RecordingRecord } from './recording.ts';
import { recordingRoutes } from './routes.ts';
import { createDeletion } from './rules/deletion.ts';
import { createPolicies } from './rules/policy.ts';
import { policyRoutes } from './rules/policy-routes.ts';
import { ruleRoutes } from './rules/routes.ts';
import { createRuleStore } from './rules/store.ts';
import { startSweep } from './rules/sweep.ts';
import { createAacMaker } from './sound/aac.ts';
import { createOutlines } from './sound/outlines.ts';
import { createWaveformStore } from './sound/store.ts';
import { type Opened, stateOf } from './state.ts';
import { createRecordingStore, type RecordingStore } from './store.ts';
import { createArrival } from './upload/arrival.ts';
import { openIncoming } from './upload/incoming.ts';
import { createPace } from './upload/pace.ts';
import { UploadRefusal } from './upload/refusal.ts';
import { uploadRoutes } from './upload/routes.ts';
import { createTusServer } from './upload/tus.ts';
import { off, soundOf, type Works } from './works.ts';

/** Where recordings lie and what opens them. `keyFile` null is a key that the hub makes itself; `bucket` null its data folder. */
export interface RecordingSettings {
  readonly keyFile: string | null;
  readonly bucket: Bucket | null;
}

/** The clips behind the ratings. */
export interface Recordings {
  readonly routes: FastifyPluginAsync;
  /** What a site's terminals record. */
  policyOf(site: string): RecordingPolicy;
  /** Deletes what has been kept long enough, now; it happens every hour by itself. */
  sweep(): Promise<void>;
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
}

/**
 * How many bytes of clips may pass in a second, from all terminals together. Each byte passes twice: when it comes, and when it is sealed.
 * That is ten times what two hundred counters record, and little enough that ratings are taken in meanwhile at nearly their full rate.
 */
const bytesPerSecond = 12 * 1024 * 1024;

/** Without a usable key everything else of the hub goes on: what needs it answers 503, and one line in the log says why. */
export function openRecordings(parts: RecordingParts): Recordings {
  const { database, ledger, audit, clock, log, settings } = parts;
  const store = createRecordingStore(database);
  const rules = createRuleStore(database);
  const waveforms = createWaveformStore(database);
  const onError = (error: unknown) => log.error({ err: error }, 'a part of the recordings failed');
  const announced = followAnnouncements(ledger, createAnnouncementStore(database), onError);
  const storage = settings.bucket === null ? folderKeep(join(parts.folder, 'recordings')) : s3Keep(settings.bucket);
  const keep = watchKeep(storage, (error) => !(error instanceof UploadRefusal));
  const opened = openWorks(parts, store, keep, (recording) => outlines?.add(recording));
  const works = (): Works => {
    if (opened.works === null) throw off(opened.why);
    return opened.works;
  };
  const sound = ({ recording, bytes }: RecordingRecord) => soundOf(works(), recording, 0, bytes);
  const outlines = opened.works === null ? null : createOutlines({ store: waveforms, find: store.find, sound, log });
  const plays = createPlays(audit, clock.now, onError);
  const aac = createAacMaker();
  const forget = (recording: string) => {
    waveforms.forget(recording);
    aac.forget(recording);
  };
  const deletion = createDeletion({ store, forget, audit, works: () => opened.works, onError });
  const sweep = startSweep({ store, rules, deletion, works: () => opened.works, now: clock.now, onError });
  const policies = createPolicies({ store, rules, audit, changed: parts.policyChanged });
  const state = () => stateOf(opened, keep);
  const { mayDownload } = rules;
  const playing = { store, mayDownload, outlineOf: waveforms.find, aac, plays, audit, works };

  return {
    policyOf: policies.of,
    sweep: sweep.run,
    routes: async (api) => {
      await api.register(recordingRoutes, { store, state, mayDownload });
      await api.register(uploadRoutes, { store, works, catchUp: announced.catchUp });
      await api.register(playRoutes, playing);
      await api.register(ruleRoutes, { store, rules, audit, deletion });
      await api.register(policyRoutes, { policies });
    },
    async close() {
      announced.close();
      plays.close();
      await sweep.close();
      await outlines?.close();
    },
  };
}

function openWorks(
  { database, log, folder, settings }: RecordingParts,
  store: RecordingStore,
  keep: Keep,
  stored: (recording: string) => void,
): Opened {
  try {
    const key = readKey({ file: settings.keyFile, folder }, createKeyMemory(database));
    const incoming = openIncoming(join(folder, 'incoming'), key, createPace(bytesPerSecond).take);
    const arrival = createArrival({ key, store, incoming, keep, log, stored });
    return { works: { key, keep, incoming, tus: createTusServer({ store, incoming, arrival }) }, why: null };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    log.error(`recordings are off, and everything else goes on: ${why}`);
    return { works: null, why, trouble: error instanceof KeyError ? error.trouble : 'storage' };
  }
}
