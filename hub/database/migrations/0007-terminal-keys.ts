/** One row a terminal: what its keys have told, as JSON. See terminals/keys/keys.ts. How far the ledger was read stands in hub_values. */
export const terminalKeys = /* sql */ `
CREATE TABLE terminal_keys (
  terminal TEXT PRIMARY KEY,
  keys TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;
