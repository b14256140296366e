/** What each site's terminals record. */
export const recordingPolicy = /* sql */ `
-- A site without a row records nothing: see config/recordings.ts.
CREATE TABLE recording_policies (
  site TEXT PRIMARY KEY REFERENCES sites (id) ON DELETE CASCADE,
  record TEXT NOT NULL CHECK (record IN ('off', 'service', 'around-rating')),
  before_seconds INTEGER NOT NULL,
  after_seconds INTEGER NOT NULL,
  keep TEXT NOT NULL CHECK (keep IN ('all', 'not-good'))
) STRICT, WITHOUT ROWID;
`;
