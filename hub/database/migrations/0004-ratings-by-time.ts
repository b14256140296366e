/**
 * Ratings of a site within a stretch of time are found by this index alone: without the rating's position in it each of them cost a look
 * at its service, somewhere in a table that grows for years.
 */
export const ratingsByTime = /* sql */ `
DROP INDEX services_by_time;
CREATE INDEX services_by_time ON services (site, counted_at, rating_position) WHERE counted_at IS NOT NULL;
`;
