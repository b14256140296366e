/** The tables of the spine: places and people, the ledger with its numbers, and what is folded from it. */
export const spine = /* sql */ `
-- Times are epoch milliseconds, flags 0 or 1. '' stands for "no clerk" and "no counter" where a column is part of a key.

CREATE TABLE sites (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  mode TEXT NOT NULL CHECK (mode IN ('called', 'continuous')),
  profile TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE counters (
  site TEXT NOT NULL REFERENCES sites (id),
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (site, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE clerks (
  id TEXT PRIMARY KEY,
  site TEXT NOT NULL REFERENCES sites (id),
  name TEXT NOT NULL,
  number TEXT NOT NULL,
  stars INTEGER,
  active INTEGER NOT NULL DEFAULT 1,
  photo_type TEXT,
  photo BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX clerks_of_site ON clerks (site);

-- hash is the keyed slow hash that the roster carries; ending the last characters, for people to tell badges apart.
CREATE TABLE badges (
  hash TEXT PRIMARY KEY,
  clerk TEXT NOT NULL REFERENCES clerks (id),
  ending TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX badges_of_clerk ON badges (clerk);

-- sites is a JSON list of site ids; null means all. A password is scrypt with its parameters and salt.
CREATE TABLE users (
  username TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('administrator', 'supervisor')),
  sites TEXT,
  password TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Sessions and bearer tokens alike: only the SHA-256 of what the client holds.
CREATE TABLE sessions (
  hash TEXT PRIMARY KEY,
  username TEXT NOT NULL REFERENCES users (username) ON DELETE CASCADE,
  label TEXT,
  expires INTEGER
) STRICT, WITHOUT ROWID;

-- Secrets and marks of the hub itself: roster key, set-up code, follower cursors.
CREATE TABLE hub_values (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- credential is the SHA-256 of the terminal's password; next_credential of one handed out but not yet used.
CREATE TABLE terminals (
  id TEXT PRIMARY KEY,
  site TEXT NOT NULL,
  counter TEXT NOT NULL,
  credential TEXT,
  next_credential TEXT,
  agent TEXT,
  health TEXT,
  heard INTEGER
) STRICT, WITHOUT ROWID;

-- One use of a code is bound to the nonce that came with it, so that a lost answer can be asked for again.
CREATE TABLE enrolments (
  code_hash TEXT PRIMARY KEY,
  site TEXT NOT NULL,
  counter TEXT NOT NULL,
  terminal TEXT NOT NULL,
  expires INTEGER NOT NULL,
  nonce TEXT,
  answer TEXT,
  used INTEGER
) STRICT, WITHOUT ROWID;

-- Where a terminal stood, and since when: an event that names no counter belongs to the one of its time.
CREATE TABLE assignments (
  terminal TEXT NOT NULL,
  since INTEGER NOT NULL,
  counter TEXT NOT NULL,
  PRIMARY KEY (terminal, since)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER terminal_placed AFTER INSERT ON terminals BEGIN
  INSERT INTO assignments (terminal, since, counter) VALUES (new.id, CAST(unixepoch('subsec') * 1000 AS INTEGER), new.counter)
  ON CONFLICT DO UPDATE SET counter = excluded.counter;
END;
CREATE TRIGGER terminal_moved AFTER UPDATE OF counter ON terminals WHEN new.counter <> old.counter BEGIN
  INSERT INTO assignments (terminal, since, counter) VALUES (new.id, CAST(unixepoch('subsec') * 1000 AS INTEGER), new.counter)
  ON CONFLICT DO UPDATE SET counter = excluded.counter;
END;

-- through: every number up to it is settled. highest: the largest number heard. next: what the terminal last said its next number is.
CREATE TABLE outboxes (
  key INTEGER PRIMARY KEY,
  terminal TEXT NOT NULL,
  outbox TEXT NOT NULL,
  through INTEGER NOT NULL DEFAULT 0,
  highest INTEGER NOT NULL DEFAULT 0,
  next INTEGER NOT NULL DEFAULT 1,
  UNIQUE (terminal, outbox)
) STRICT;

-- The append-only record of facts. Entries of users and of the hub have no outbox. time is what counts; claimed is what the sender
-- said where that lay too far ahead. called is whether the site called its customers then.
CREATE TABLE ledger (
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  time INTEGER NOT NULL,
  arrived INTEGER NOT NULL,
  site TEXT,
  terminal TEXT,
  counter TEXT,
  clerk TEXT,
  service TEXT,
  outbox_key INTEGER REFERENCES outboxes (key),
  seq INTEGER,
  claimed INTEGER,
  called INTEGER NOT NULL DEFAULT 0,
  data TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX ledger_numbers ON ledger (outbox_key, seq) WHERE outbox_key IS NOT NULL;
CREATE INDEX ledger_services ON ledger (service, position) WHERE service IS NOT NULL;
CREATE INDEX ledger_ids ON ledger (id) WHERE service IS NULL AND outbox_key IS NOT NULL;

-- Numbers from first to last that are settled without a ledger entry of their own. Ranges of an outbox never overlap.
-- repeated: the event lies in the ledger under a number of an earlier outbox.
CREATE TABLE settled_numbers (
  outbox_key INTEGER NOT NULL REFERENCES outboxes (key),
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  how TEXT NOT NULL CHECK (how IN ('quarantined', 'missing', 'repeated')),
  at INTEGER NOT NULL,
  PRIMARY KEY (outbox_key, first)
) STRICT, WITHOUT ROWID;

-- What became of a terminal's numbers, by site-local day: of the event where it could be read, else of its arrival.
CREATE TABLE deliveries (
  terminal TEXT NOT NULL,
  day INTEGER NOT NULL,
  received INTEGER NOT NULL DEFAULT 0,
  quarantined INTEGER NOT NULL DEFAULT 0,
  missing INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (terminal, day)
) STRICT, WITHOUT ROWID;

-- outbox, seq and event are null where they could not be read.
CREATE TABLE quarantine (
  id INTEGER PRIMARY KEY,
  terminal TEXT NOT NULL,
  site TEXT NOT NULL,
  topic TEXT NOT NULL,
  reason TEXT NOT NULL,
  detail TEXT,
  arrived INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  outbox TEXT,
  seq INTEGER,
  event TEXT,
  payload BLOB NOT NULL
) STRICT;
CREATE INDEX quarantine_of_terminal ON quarantine (terminal, arrived);
CREATE INDEX quarantine_numbers ON quarantine (terminal, outbox, seq) WHERE outbox IS NOT NULL;

-- What came after a terminal's share of the quarantine was full: only counted.
CREATE TABLE quarantine_overflow (
  terminal TEXT NOT NULL,
  reason TEXT NOT NULL,
  count INTEGER NOT NULL,
  latest INTEGER NOT NULL,
  PRIMARY KEY (terminal, reason)
) STRICT, WITHOUT ROWID;

-- What each service has come to, and where it was counted. set_aside says why its rating was, null where it was not.
CREATE TABLE services (
  service TEXT PRIMARY KEY,
  site TEXT NOT NULL,
  terminal TEXT NOT NULL,
  counter TEXT NOT NULL,
  clerk TEXT NOT NULL,
  duty TEXT,
  profile TEXT NOT NULL,
  called INTEGER NOT NULL,
  started INTEGER,
  ended INTEGER,
  outcome TEXT,
  invited_by TEXT,
  level TEXT,
  pressed_uninvited INTEGER NOT NULL DEFAULT 0,
  unprompted INTEGER NOT NULL DEFAULT 0,
  set_aside TEXT,
  reason TEXT,
  counted_at INTEGER,
  rating_position INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX services_by_time ON services (site, counted_at) WHERE counted_at IS NOT NULL;

-- The first rating of each service, in the ledger's order.
CREATE TABLE ratings (
  position INTEGER PRIMARY KEY,
  service TEXT NOT NULL,
  time INTEGER NOT NULL,
  site TEXT NOT NULL,
  counter TEXT NOT NULL,
  clerk TEXT NOT NULL,
  level TEXT NOT NULL,
  unprompted INTEGER NOT NULL,
  set_aside INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX ratings_of_site ON ratings (site, position);
CREATE INDEX ratings_of_clerk ON ratings (clerk, position);

-- bucket is the start of the site-local hour, day or month. level_1 is the profile's best level.
-- opportunities: services of called sites that could be rated; answered: those of them that were.
CREATE TABLE tallies (
  span TEXT NOT NULL CHECK (span IN ('hour', 'day', 'month')),
  site TEXT NOT NULL,
  bucket INTEGER NOT NULL,
  clerk TEXT NOT NULL,
  counter TEXT NOT NULL,
  profile TEXT NOT NULL,
  level_1 INTEGER NOT NULL DEFAULT 0,
  level_2 INTEGER NOT NULL DEFAULT 0,
  level_3 INTEGER NOT NULL DEFAULT 0,
  level_4 INTEGER NOT NULL DEFAULT 0,
  level_5 INTEGER NOT NULL DEFAULT 0,
  rated INTEGER NOT NULL DEFAULT 0,
  services INTEGER NOT NULL DEFAULT 0,
  unprompted INTEGER NOT NULL DEFAULT 0,
  expired INTEGER NOT NULL DEFAULT 0,
  withheld INTEGER NOT NULL DEFAULT 0,
  declined INTEGER NOT NULL DEFAULT 0,
  interrupted INTEGER NOT NULL DEFAULT 0,
  opportunities INTEGER NOT NULL DEFAULT 0,
  answered INTEGER NOT NULL DEFAULT 0,
  not_invited INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (span, site, bucket, clerk, counter, profile)
) STRICT, WITHOUT ROWID;

-- Who is on duty where. started is the earliest heard of the duty; paused since when, or null; pause_changed the latest pause or return.
CREATE TABLE duties (
  duty TEXT PRIMARY KEY,
  terminal TEXT NOT NULL,
  site TEXT NOT NULL,
  counter TEXT NOT NULL,
  clerk TEXT NOT NULL,
  started INTEGER NOT NULL,
  paused INTEGER,
  pause_changed INTEGER,
  ended INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX duties_open ON duties (site, terminal) WHERE ended IS NULL;

-- Counted at the door: what was refused or dropped before it could be stored.
CREATE TABLE refusals (
  terminal TEXT NOT NULL,
  why TEXT NOT NULL,
  count INTEGER NOT NULL,
  latest INTEGER NOT NULL,
  PRIMARY KEY (terminal, why)
) STRICT, WITHOUT ROWID;
`;
