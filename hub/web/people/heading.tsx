import type { ProfileId } from '@manyi/config/profiles';
import { useSites } from '../frame/sites.tsx';
import { useFormat } from '../i18n/format.ts';
import { LevelWord } from '../levels/level-word.tsx';
import { useWhose } from './whose.tsx';

interface HeadingProps {
  of: {
    readonly site: string;
    readonly counter: string | null;
    readonly clerk: string | null;
    readonly level: string | null;
    /** That it was rated with, where it may be another than the site's of today. */
    readonly profile?: ProfileId;
  };
  /** When it began, where that is known. */
  at: string | null;
}

/** What the page of a service, or of its recording, is about: the level if it has one, whose it was, and when. A telephone shows no more of it at first. */
export function Heading({ of, at }: HeadingProps) {
  const format = useFormat();
  const whose = useWhose(of.site);
  const site = useSites().data?.find(({ id }) => id === of.site);
  if (site === undefined) return null;
  const words = [whose.line(of), ...(at === null ? [] : [format.dateTime(at, site.timeZone)])];
  return (
    <p className="heading">
      {of.level !== null && <LevelWord profile={of.profile ?? site.profile} level={of.level} />}
      <span className="site-name">{words.join(' · ')}</span>
    </p>
  );
}
