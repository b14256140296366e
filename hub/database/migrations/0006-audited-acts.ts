/** So that the acts of one kind are found without reading the whole audit log. */
export const auditedActs = /* sql */ `
CREATE INDEX audit_of_act ON audit (what, position);
`;
