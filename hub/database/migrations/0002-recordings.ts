/** The tables of recordings, and the audit log of what people do with them. */
export const recordings = /* sql */ `
-- Times are epoch milliseconds, flags 0 or 1. hash is the SHA-256 of the entry with the hash before it: see audit/entry.ts.
CREATE TABLE audit (
  position INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  who TEXT NOT NULL,
  what TEXT NOT NULL,
  site TEXT,
  counter TEXT,
  clerk TEXT,
  service TEXT,
  recording TEXT,
  why TEXT,
  detail TEXT,
  about INTEGER REFERENCES audit (position),
  lasted_ms INTEGER,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE INDEX audit_of_clerk ON audit (clerk, position) WHERE clerk IS NOT NULL;
CREATE INDEX audit_of_recording ON audit (recording, position) WHERE recording IS NOT NULL;
CREATE UNIQUE INDEX audit_ends ON audit (about) WHERE about IS NOT NULL;
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN
  SELECT RAISE(ABORT, 'the audit log is only added to');
END;
CREATE TRIGGER audit_remains BEFORE DELETE ON audit BEGIN
  SELECT RAISE(ABORT, 'the audit log is only added to');
END;

-- Every clip that a terminal has told of, one row for good. '' stands for no clerk. position is its event's in the ledger. state
-- 'deleting' is a clip whose end is decided and written into the audit log while its file may still be there.
CREATE TABLE recordings (
  recording TEXT PRIMARY KEY,
  position INTEGER NOT NULL,
  site TEXT NOT NULL,
  terminal TEXT NOT NULL,
  counter TEXT,
  clerk TEXT NOT NULL,
  service TEXT,
  started INTEGER NOT NULL,
  duration_ms INTEGER NOT NULL,
  pressed_at_ms INTEGER,
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  speech_share REAL,
  peak REAL,
  clipped_share REAL,
  repaired INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('announced', 'stored', 'lost', 'deleting', 'deleted')),
  held INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX recordings_by_time ON recordings (started, recording);
CREATE INDEX recordings_of_site ON recordings (site, started, recording);
CREATE INDEX recordings_of_clerk ON recordings (clerk, started, recording);
CREATE INDEX recordings_of_service ON recordings (service) WHERE service IS NOT NULL;
CREATE INDEX recordings_in_state ON recordings (state, site, started);

-- How far the ledger has been read for clips stands in hub_values; this finds those after it.
CREATE INDEX ledger_recordings ON ledger (position) WHERE type IN ('manyi.recording.made.v1', 'manyi.recording.lost.v1');

-- peaks is one byte a stretch of time; failed says why there are none. A stored clip without a row waits for its waveform.
CREATE TABLE recording_waveforms (
  recording TEXT PRIMARY KEY REFERENCES recordings (recording),
  peaks BLOB,
  failed TEXT
) STRICT, WITHOUT ROWID;

-- Days, by what the customer said. A site without a row keeps the defaults of config/recordings.ts.
CREATE TABLE recording_retention (
  site TEXT PRIMARY KEY REFERENCES sites (id) ON DELETE CASCADE,
  good INTEGER NOT NULL,
  neutral INTEGER NOT NULL,
  bad INTEGER NOT NULL,
  unrated INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE downloaders (
  username TEXT PRIMARY KEY REFERENCES users (username) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
`;
