/** So that what pages ask for is found without reading all: the acts of one kind in the audit log, and how much is stored. */
export const pages = /* sql */ `
CREATE INDEX audit_of_act ON audit (what, position);
CREATE INDEX recordings_stored ON recordings (bytes) WHERE state = 'stored';
`;
