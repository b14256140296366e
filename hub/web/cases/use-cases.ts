import { page } from '@manyi/config/api';
import { type Case, type CaseState, caseState, oneCase } from '@manyi/config/cases';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { z } from 'zod';
import { read } from '../http/client.ts';
import { usePages } from '../http/pages.ts';

const pageSize = 50;

/** Which cases are shown. */
export const shownStates = z.enum([...caseState.options, 'all']);
export type ShownState = z.infer<typeof shownStates>;
const usual: ShownState = 'open';

/** The choice of the address, which says nothing of the usual one, and the way to change it. */
export function useShownState(): [ShownState, (state: ShownState) => void] {
  const [query, setQuery] = useSearchParams();
  const choose = (state: ShownState) =>
    setQuery(
      (before) => {
        const after = new URLSearchParams(before);
        if (state === usual) after.delete('state');
        else after.set('state', state);
        return after;
      },
      { replace: true },
    );
  return [shownStates.catch(usual).parse(query.get('state')), choose];
}

const newestSize = 100;
const againMs = 15_000;

/** The newest cases of a site in that state, and no more than a hundred: whoever counts them says that there may be more. */
function useNewestCases(site: string | null, state: CaseState) {
  return useQuery({
    queryKey: ['cases', 'newest', site, state],
    queryFn: async () => (await read(page(oneCase), '/cases', { site, state, limit: newestSize })).items,
    enabled: site !== null,
    refetchInterval: againMs,
  });
}

/** How many cases of a site are open, as it is said: '' where there are none or nobody knows. */
export function useOpenCount(site: string | null): string {
  const open = useNewestCases(site, 'open').data?.length ?? 0;
  if (open === 0) return '';
  return open < newestSize ? String(open) : `${newestSize - 1}+`;
}

/** The services of a site whose cases are closed, as far as they were opened lately; of no site none. */
export function useLatelyClosed(site: string | null): ReadonlySet<Case['service']> {
  const { data = [] } = useNewestCases(site, 'closed');
  return new Set(data.map(({ service }) => service));
}

/** The cases of a site in that state, newest first, page by page. */
export function useCases(site: string, state: ShownState) {
  return usePages(oneCase, '/cases', { site, state: state === 'all' ? null : state, limit: pageSize });
}
