/**
 * The cases. How far the ratings were read for bad ones stands in hub_values: a hub with years behind it opens cases for what comes next,
 * and none for what nobody can mend any more.
 */
export const cases = /* sql */ `
-- opened_by is null where a bad rating opened it by itself; closed and closed_by are null while it is open.
CREATE TABLE cases (
  number INTEGER PRIMARY KEY,
  service TEXT NOT NULL UNIQUE,
  site TEXT NOT NULL,
  opened INTEGER NOT NULL,
  opened_by TEXT,
  closed INTEGER,
  closed_by TEXT
) STRICT;
CREATE INDEX cases_of_site ON cases (site, number);
CREATE INDEX cases_open ON cases (site, number) WHERE closed IS NULL;
INSERT INTO hub_values (name, value) SELECT 'cases-read', max(position) FROM ledger HAVING max(position) > 0;
`;
