import type { Service } from '@manyi/config/api';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format.ts';
import { CaseAct } from './act.tsx';
import { CaseStateWords } from './state-words.tsx';
import { caseOf, closingParts, lastAct, type ToldCase } from './told.ts';

/** The case of a service: its state, what was last said of it, and what can be done. Where there is none, one can be opened. */
export function CaseOfService({ found, zone }: { found: Service; zone: string }) {
  const { t } = useTranslation();
  const told = caseOf(found);
  return (
    <section className="card case" aria-labelledby="case-title">
      <header>
        <h2 id="case-title">{told === null ? t('cases.none') : t('cases.numbered', { number: told.number })}</h2>
        {told !== null && <CaseStateWords state={told.state} />}
        <CaseAct service={found.service} told={told} />
      </header>
      {told !== null && <LastTold of={told} zone={zone} />}
    </section>
  );
}

function LastTold({ of: { last }, zone }: { of: ToldCase; zone: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { by, note } = last.data;
  const time = format.dateTime(last.time, zone);
  const parts = closingParts(last);
  return (
    <>
      <p className="muted">{t(`cases.last.${lastAct(last)}`, { user: String(by), time })}</p>
      {typeof note === 'string' && <p>{note}</p>}
      {parts.length > 0 && (
        <dl>
          {parts.map(({ name, text }) => (
            <div key={name}>
              <dt className="muted">{t(`cases.parts.${name}`)}</dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}
