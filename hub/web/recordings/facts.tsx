import type { Site } from '@manyi/config/api';
import type { Recording } from '@manyi/config/recordings';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { CaseLink } from '../cases/case-link.tsx';
import { useFormat } from '../i18n/format.ts';
import { LevelWord } from '../levels/level-word.tsx';
import { useNames } from '../people/use-names.ts';
import { useIsAdministrator } from '../people/use-people.ts';
import { clockOf, faultOf, lengthOf, SoundWords, StateWords } from './words.tsx';

/** What is known of a recording, with the way to its service and to who heard it. */
export function Facts({ of, site }: { of: Recording; site: Site }) {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useNames(site.id);
  const isAdministrator = useIsAdministrator();
  return (
    <>
      <h2 id="facts-title" className="facts-outcome">
        <LevelWord profile={site.profile} level={of.level} />
      </h2>
      <dl>
        <Fact name={t('recordings.state')}>
          <StateWords of={of} />
        </Fact>
        {faultOf(of) !== null && of.faultAt !== null && (
          <Fact name={t('recordings.faultAt')}>{format.dateTime(of.faultAt, site.timeZone)}</Fact>
        )}
        {of.case !== null && (
          <Fact name={t('cases.one')}>
            <CaseLink of={of} />
          </Fact>
        )}
        <Fact name={t('common.clerk')}>{of.clerk === null ? t('scores.noClerk') : names(of.clerk)}</Fact>
        <Fact name={t('common.counter')}>{of.counter === null ? '—' : names(of.counter)}</Fact>
        <Fact name={t('common.site')}>{site.name}</Fact>
        <Fact name={t('recordings.time')}>{format.dateTime(of.startedAt, site.timeZone)}</Fact>
        <Fact name={t('recordings.length')}>
          {lengthOf(of)} {of.bytes !== null && <span className="muted">· {format.bytes(of.bytes)}</span>}
        </Fact>
        <Fact name={t('recordings.press')}>{pressOf(of) ?? t('recordings.noPress')}</Fact>
        <Fact name={t('recordings.sound')}>
          <SoundWords of={of} />
        </Fact>
        {of.sha256 !== null && (
          <Fact name="SHA-256">
            <span className="code hash" title={of.sha256}>
              {of.sha256.slice(0, 16)}…
            </span>
          </Fact>
        )}
      </dl>
      <p className="facts-ways">
        {of.service !== null && <Link to={`/services/${of.service}`}>{t('floor.evidence')}</Link>}
        {isAdministrator && <Link to={`/audit?recording=${of.recording}`}>{t('recordings.whoHeard')}</Link>}
      </p>
    </>
  );
}

/** Where the press is; of a clip that nothing is known of, nobody knows it. */
function pressOf({ pressedAtMs, bytes }: Recording): string | null {
  if (pressedAtMs !== null) return clockOf(pressedAtMs);
  return bytes === null ? '—' : null;
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="muted">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
