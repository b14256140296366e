import type { Site } from '@manyi/config/api';
import { Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { More } from '../frame/more.tsx';
import { SitePage } from '../frame/site-page.tsx';
import { Nothing, WhenRead } from '../frame/states.tsx';
import { CasesTable } from './cases-table.tsx';
import { type ShownState, shownStates, useCases, useShownState } from './use-cases.ts';

/** The cases of a site: what is still to be followed up, and what has been. */
export function CasesPage() {
  const { t } = useTranslation();
  return <SitePage title={t('cases.title')}>{(site) => <SiteCases key={site.id} site={site} />}</SitePage>;
}

function SiteCases({ site }: { site: Site }) {
  const { t } = useTranslation();
  const [shown, show] = useShownState();
  const query = useCases(site.id, shown);
  return (
    <>
      <div className="tools">
        <Segmented<ShownState>
          aria-label={t('cases.state')}
          value={shown}
          onChange={show}
          options={shownStates.options.map((name) => ({ value: name, label: t(`cases.shown.${name}`) }))}
        />
      </div>
      <WhenRead query={query} rows={8}>
        {({ pages }) => {
          const found = pages.flatMap(({ items }) => items);
          if (found.length === 0) return <Nothing title={t(`cases.empty.${shown}`)} detail={t('cases.emptyDetail')} />;
          return (
            <>
              <CasesTable site={site} cases={found} />
              <More of={query} />
            </>
          );
        }}
      </WhenRead>
    </>
  );
}
