export function ScoresPage() { return null; }
