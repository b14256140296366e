/** What came without a number of its own, or under one that was taken, once its terminal's share of the quarantine was full: only counted. */
export const quarantineBeyond = /* sql */ `
ALTER TABLE deliveries ADD COLUMN beyond INTEGER NOT NULL DEFAULT 0;
`;
