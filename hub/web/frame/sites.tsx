import { type Site, site } from '@manyi/config/api';
import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { readAll } from '../http/client.ts';

const kept = 'manyi.site';

/** The sites that the user may see. */
export function useSites() {
  return useQuery({ queryKey: ['sites'], queryFn: () => readAll(site, '/sites'), staleTime: 60_000 });
}

/** The site that the page is about: of its address, else the one last looked at, else the first. */
export function useSite(sites: readonly Site[]): { site: Site | null; choose: (id: string) => void } {
  const [query, setQuery] = useSearchParams();
  const wanted = query.get('site') ?? localStorage.getItem(kept);
  const choose = (id: string) => {
    localStorage.setItem(kept, id);
    setQuery((before) => {
      const after = new URLSearchParams(before);
      after.set('site', id);
      return after;
    });
  };
  return { site: sites.find((one) => one.id === wanted) ?? sites[0] ?? null, choose };
}

/** The choice of the site; with only one there is nothing to choose, and its name stands alone. */
export function SitePicker({
  sites,
  chosen,
  choose,
}: {
  sites: readonly Site[];
  chosen: Site;
  choose: (id: string) => void;
}) {
  const { t } = useTranslation();
  if (sites.length < 2) return <span className="site-name">{chosen.name}</span>;
  return (
    <Select
      className="site-picker"
      aria-label={t('common.site')}
      variant="borderless"
      value={chosen.id}
      onChange={choose}
      popupMatchSelectWidth={false}
      showSearch={{ optionFilterProp: 'label' }}
      options={sites.map((one) => ({ value: one.id, label: one.name }))}
    />
  );
}
