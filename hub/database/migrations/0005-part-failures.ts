/** So that why a part of a terminal failed is found without reading all that the terminal ever told. */
export const partFailures = /* sql */ `
CREATE INDEX ledger_changes ON ledger (terminal, position) WHERE type = 'manyi.terminal.changed.v1';
`;
