/**
 * What went wrong with a clip, in its row; a row also for a clip whose loss is all that was told of it; and two states more. A table's
 * checks cannot be changed where it stands, so it is made anew. Outlines that could not be made are forgotten: some of them failed for
 * reasons that passed, and were never tried again.
 */
export const recordingFaults = /* sql */ `
-- fault is why a clip was lost, or what is wrong with a damaged one; fault_at when the hub was told, or found it. Of a lost clip that its
-- terminal had not told of before, bytes, sha256 and perhaps duration_ms are NULL, and started may be when the terminal noticed.
CREATE TABLE recordings_anew (
  recording TEXT PRIMARY KEY,
  position INTEGER NOT NULL,
  site TEXT NOT NULL,
  terminal TEXT NOT NULL,
  counter TEXT,
  clerk TEXT NOT NULL,
  service TEXT,
  started INTEGER NOT NULL,
  duration_ms INTEGER,
  pressed_at_ms INTEGER,
  bytes INTEGER,
  sha256 TEXT,
  speech_share REAL,
  peak REAL,
  clipped_share REAL,
  repaired INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL CHECK (state IN ('announced', 'stored', 'damaged', 'lost', 'deleting', 'deleted')),
  held INTEGER NOT NULL DEFAULT 0,
  fault TEXT,
  fault_at INTEGER
) STRICT, WITHOUT ROWID;
INSERT INTO recordings_anew (recording, position, site, terminal, counter, clerk, service, started, duration_ms, pressed_at_ms, bytes, sha256,
    speech_share, peak, clipped_share, repaired, state, held)
  SELECT recording, position, site, terminal, counter, clerk, service, started, duration_ms, pressed_at_ms, bytes, sha256,
    speech_share, peak, clipped_share, repaired, state, held FROM recordings;

CREATE TABLE waveforms_anew (
  recording TEXT PRIMARY KEY REFERENCES recordings_anew (recording),
  peaks BLOB,
  failed TEXT
) STRICT, WITHOUT ROWID;
INSERT INTO waveforms_anew SELECT recording, peaks, failed FROM recording_waveforms WHERE failed IS NULL;
DROP TABLE recording_waveforms;
DROP TABLE recordings;
ALTER TABLE recordings_anew RENAME TO recordings;
ALTER TABLE waveforms_anew RENAME TO recording_waveforms;

-- The losses that were told before, with or without a row.
CREATE TEMP TABLE losses AS
  SELECT lower(data ->> '$.recording') AS recording, min(position) AS position, site, terminal, counter, coalesce(clerk, '') AS clerk,
    service, time, arrived, coalesce(data ->> '$.why', 'unreadable') AS why
  FROM ledger INDEXED BY ledger_recordings
  WHERE type IN ('manyi.recording.made.v1', 'manyi.recording.lost.v1') AND type = 'manyi.recording.lost.v1'
  GROUP BY 1;
INSERT OR IGNORE INTO recordings (recording, position, site, terminal, counter, clerk, service, started, state)
  SELECT recording, position, site, terminal, counter, clerk, service, time, 'lost' FROM losses WHERE site IS NOT NULL AND terminal IS NOT NULL;
UPDATE recordings SET fault = losses.why, fault_at = losses.arrived
  FROM losses WHERE losses.recording = recordings.recording AND recordings.state = 'lost';
DROP TABLE losses;

CREATE INDEX recordings_by_time ON recordings (started, recording);
CREATE INDEX recordings_of_site ON recordings (site, started, recording);
CREATE INDEX recordings_of_clerk ON recordings (clerk, started, recording);
CREATE INDEX recordings_of_service ON recordings (service) WHERE service IS NOT NULL;
CREATE INDEX recordings_stored ON recordings (bytes) WHERE state = 'stored';
CREATE INDEX recordings_in_state ON recordings (state, site, fault_at);
CREATE INDEX recordings_with_fault ON recordings (started, recording) WHERE fault IS NOT NULL;
-- Those that terminals must not give up for want of room.
CREATE INDEX recordings_held_away ON recordings (terminal, started) WHERE held = 1 AND state = 'announced';
`;
