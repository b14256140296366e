import { useSites } from '../frame/sites.tsx';
import { useFormat } from '../i18n/format.ts';

/** Times as the site of an entry has them; where it has none, as this computer does. */
export function useTimes(): (at: number | string, site: string | null) => string {
  const format = useFormat();
  const { data: sites = [] } = useSites();
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (at, site) => format.dateTime(at, sites.find(({ id }) => id === site)?.timeZone ?? own);
}
