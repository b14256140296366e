/** So that what alerts is found among all else that the ledger holds. The types are those of `hub/alerts/alerts.ts`. */
export const alerts = /* sql */ `
CREATE INDEX ledger_alerts ON ledger (position) WHERE type IN
  ('manyi.numbers.missing.v1', 'manyi.number.reused.v1', 'manyi.outbox.voided.v1', 'manyi.terminal.changed.v1');
`;
