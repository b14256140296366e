import { caseState, oneCase } from '@manyi/config/cases';
import { useSearchParams } from 'react-router';
import { z } from 'zod';
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

/** The cases of a site in that state, newest first, page by page. */
export function useCases(site: string, state: ShownState) {
  return usePages(oneCase, '/cases', { site, state: state === 'all' ? null : state, limit: pageSize });
}
