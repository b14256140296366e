import { useSites } from '../frame/sites.tsx';
import { useFormat } from '../i18n/format.ts';

/** Times as the site of an entry has them; where it has none, as all sites do that have one zone, else as this computer does. */
export function useTimes(): (at: number | string, site: string | null) => string {
  const format = useFormat();
  const { data: sites = [] } = useSites();
  const [common, ...others] = new Set(sites.map(({ timeZone }) => timeZone));
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const elsewhere = common !== undefined && others.length === 0 ? common : own;
  return (at, site) => format.dateTime(at, sites.find(({ id }) => id === site)?.timeZone ?? elsewhere);
}
