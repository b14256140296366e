import { useCounters } from '../terminals/use-terminals.ts';
import { useClerks } from './use-people.ts';

/** The names of a site's clerks and counters; an id whose name is not known stays as it is. */
export function useNames(site: string): (id: string) => string {
  const { data: clerks = [] } = useClerks(site);
  const { data: counters = [] } = useCounters(site);
  return (id) => [...clerks, ...counters].find((one) => one.id === id)?.name ?? id;
}
