import { type ScoresBy, scores } from '@manyi/config/api';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { boundsOf, type Days } from '../frame/range.ts';
import { read } from '../http/client.ts';

const againMs = 30_000;

/** The scores of a site, or (null) of all that the user may see, over some days; read again every half minute. */
export function useScores(site: string | null, days: Days, by: ScoresBy) {
  return useQuery({
    queryKey: ['scores', site, days, by],
    queryFn: () => read(scores, '/scores', { site, by, ...boundsOf(days) }),
    placeholderData: keepPreviousData,
    refetchInterval: againMs,
  });
}
