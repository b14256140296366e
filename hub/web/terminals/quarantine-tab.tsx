import type { Quarantined, Site } from '@manyi/config/api';
import { parseTerminalTopic } from '@manyi/config/topics';
import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { useCauseWords } from '../frame/cause.ts';
import { More } from '../frame/more.tsx';
import { Nothing, WhenRead } from '../frame/states.tsx';
import { useFormat } from '../i18n/format.ts';
import { useQuarantine } from './use-terminals.ts';

/** What arrived and could not be understood: why, when, from whom, and what it said. */
export function QuarantineTab({ site }: { site: Site }) {
  const { t } = useTranslation();
  const query = useQuarantine();
  return (
    <>
      <p className="muted lead">{t('terminals.quarantine.lead')}</p>
      <WhenRead query={query}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items).filter(({ topic }) => isOf(site, topic));
          if (items.length === 0) {
            return <Nothing title={t('terminals.quarantine.empty')} detail={t('terminals.quarantine.emptyDetail')} />;
          }
          return (
            <>
              <QuarantineTable site={site} items={items} />
              <More of={query} />
            </>
          );
        }}
      </WhenRead>
    </>
  );
}

/** The list holds what came from every site that the user may see. */
function isOf(site: Site, topic: string): boolean {
  const place = parseTerminalTopic(topic);
  return place === null || place.site === site.id;
}

function QuarantineTable({ site, items }: { site: Site; items: readonly Quarantined[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const causeWords = useCauseWords();
  return (
    <div className="table-card">
      <Table<Quarantined>
        rowKey="id"
        size="middle"
        dataSource={[...items]}
        pagination={false}
        scroll={{ x: 'max-content' }}
        expandable={{
          columnTitle: <span className="hidden-text">{t('terminals.quarantine.payload')}</span>,
          expandedRowRender: (item) => <Payload item={item} />,
        }}
        columns={[
          {
            title: t('terminals.quarantine.arrived'),
            render: (_, item) => format.dateTime(item.arrived, site.timeZone),
          },
          { title: t('common.terminal'), render: (_, item) => <b>{item.terminal}</b> },
          {
            title: t('terminals.quarantine.reason'),
            render: (_, item) => (
              <>
                {t(`terminals.quarantine.reasons.${item.reason}`)}
                {item.detail !== null && <div className="muted quarantine-detail">{causeWords(item.detail)}</div>}
              </>
            ),
          },
          { title: t('terminals.quarantine.size'), align: 'right', render: (_, item) => format.bytes(item.bytes) },
        ]}
      />
    </div>
  );
}

function Payload({ item }: { item: Quarantined }) {
  const { t } = useTranslation();
  return (
    <dl className="payload">
      <dt className="muted">{t('terminals.quarantine.topic')}</dt>
      <dd className="code">{item.topic}</dd>
      <dt className="muted">{t('terminals.quarantine.payload')}</dt>
      <dd>
        {item.text === null ? (
          <span className="muted">{t('terminals.quarantine.onlyCounted')}</span>
        ) : (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling box must be reachable by keyboard
          <pre className="code" tabIndex={0}>
            {item.text}
          </pre>
        )}
      </dd>
    </dl>
  );
}
