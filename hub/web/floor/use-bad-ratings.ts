import { type Floor, page, type Rating, rating } from '@manyi/config/api';
import { profiles } from '@manyi/config/profiles';
import { localDate } from '@manyi/config/zone';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useLatelyClosed } from '../cases/use-cases.ts';
import { read } from '../http/client.ts';
import { isBad } from '../levels/words.ts';

const shown = 6;
/** Those that somebody has finished with are among them. */
const mostRead = 100;
const recentMs = 60 * 60_000;
const againMs = 30_000;

/**
 * The bad ratings of the last hour that nobody has finished with, newest first, each with the clerk it was given to; read again as soon as
 * one arrives.
 */
export function useBadRatings({ site, counters, now }: Floor): readonly Rating[] {
  const newest = counters
    .flatMap(({ last }) => last)
    .filter(({ level }) => isBad(site.profile, level))
    .map(({ time }) => Date.parse(time))
    .reduce((latest, at) => Math.max(latest, at), 0);
  const { data = [] } = useQuery({
    queryKey: ['bad-ratings', site.id, newest],
    queryFn: () => readBad(site, Date.parse(now)),
    placeholderData: keepPreviousData,
    refetchInterval: againMs,
  });
  const recent = data.filter(({ time, setAside }) => !setAside && Date.parse(now) - Date.parse(time) < recentMs);
  const closed = useLatelyClosed(recent.length > 0 ? site.id : null);
  return recent.filter(({ service }) => !closed.has(service)).slice(0, shown);
}

async function readBad(site: Floor['site'], now: number): Promise<Rating[]> {
  const levels = profiles[site.profile].levels.filter(({ polarity }) => polarity === 'bad');
  const from = localDate(now - recentMs, site.timeZone);
  const found = await Promise.all(
    levels.map(({ name }) => read(page(rating), '/ratings', { site: site.id, level: name, from, limit: mostRead })),
  );
  return found.flatMap(({ items }) => items).sort((a, b) => Date.parse(b.time) - Date.parse(a.time));
}
