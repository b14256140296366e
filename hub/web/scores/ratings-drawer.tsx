import { AudioOutlined } from '@ant-design/icons';
import { page, rating, type ScoreRow, type Site } from '@manyi/config/api';
import type { ProfileId } from '@manyi/config/profiles';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Drawer, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { More } from '../frame/more.tsx';
import { boundsOf, type Days } from '../frame/range.ts';
import { Nothing, WhenRead } from '../frame/states.tsx';
import { read } from '../http/client.ts';
import { useFormat } from '../i18n/format.ts';
import { Mark } from '../levels/mark.tsx';
import { useLevelWords } from '../levels/words.ts';

interface RatingsDrawerProps {
  site: Site;
  profile: ProfileId;
  days: Days;
  by: 'clerk' | 'counter';
  /** Whose ratings; null closes the drawer. */
  row: ScoreRow | null;
  title: string;
  close: () => void;
}

/** The single ratings behind a row of scores, newest first, each with the way to its service. */
export function RatingsDrawer({ site, profile, days, by, row, title, close }: RatingsDrawerProps) {
  return (
    <Drawer open={row !== null} onClose={close} title={title} size={420} destroyOnHidden>
      {row !== null && <Ratings site={site} profile={profile} days={days} filter={{ [by]: row.key }} />}
    </Drawer>
  );
}

/** That a recording of the service can be heard there. */
function Recorded() {
  const { t } = useTranslation();
  return (
    <span className="recorded" title={t('scores.recorded')}>
      <AudioOutlined aria-hidden />
      <span className="hidden-text">{t('scores.recorded')}</span>
    </span>
  );
}

interface RatingsProps {
  site: Site;
  profile: ProfileId;
  days: Days;
  filter: Readonly<Record<string, string>>;
}

function Ratings({ site, profile, days, filter }: RatingsProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { word } = useLevelWords(profile);
  const query = useInfiniteQuery({
    queryKey: ['ratings', site.id, days, filter],
    queryFn: ({ pageParam }) =>
      read(page(rating), '/ratings', { site: site.id, ...filter, ...boundsOf(days), limit: 100, cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });
  return (
    <WhenRead query={query}>
      {({ pages }) => {
        const ratings = pages.flatMap(({ items }) => items);
        if (ratings.length === 0) return <Nothing title={t('scores.empty')} detail={t('scores.emptyDetail')} />;
        return (
          <>
            <ul className="ratings">
              {ratings.map((one) => (
                <li key={one.position}>
                  <Link to={`/services/${one.service}`}>{format.dateTime(one.time, site.timeZone)}</Link>
                  <span className="level-word">
                    <Mark level={one.level} />
                    {word(one.level)}
                  </span>
                  {one.recorded && <Recorded />}
                  {one.unprompted && <Tag>{t('scores.unprompted')}</Tag>}
                  {one.setAside && <Tag>{t('outcome.setAside')}</Tag>}
                </li>
              ))}
            </ul>
            <More of={query} />
          </>
        );
      }}
    </WhenRead>
  );
}
