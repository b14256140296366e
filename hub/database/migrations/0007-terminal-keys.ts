/**
 * One row a terminal: what its keys have told, as JSON. See terminals/keys/keys.ts. How far the ledger was read stands in hub_values: a hub
 * with years behind it begins with what comes next, and does not spend its first minutes on them.
 */
export const terminalKeys = /* sql */ `
CREATE TABLE terminal_keys (
  terminal TEXT PRIMARY KEY,
  keys TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO hub_values (name, value) SELECT 'terminal-keys-read', max(position) FROM ledger HAVING max(position) > 0;
`;
