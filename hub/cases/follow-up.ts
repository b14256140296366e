import { type CaseClosing, caseClosed, caseOpened, caseReopened } from '@manyi/config/cases';
import { isProfileId, polarityOf } from '@manyi/config/profiles';
import type { Database } from '../database/database.ts';
import { conflict } from '../errors.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { CaseRecord } from './case.ts';
import type { CaseStore, RatingRecord } from './store.ts';

/** The follow-up of services (工单): at most one case a service. Whatever becomes of it is a fact of the ledger, in the service's chain. */
export interface FollowUp {
  /** Opens one by hand. Throws 409 for a service that has one: that can be opened again. */
  open(service: string, note: string, by: string): CaseRecord;
  /** Throws 409 when it is closed already. */
  close(number: number, closing: CaseClosing, by: string): CaseRecord;
  /** Throws 409 when it is open. */
  reopen(number: number, note: string, by: string): CaseRecord;
  /** Opens one for each bad rating among the next that nobody has looked at; true when there may be more. Inside somebody else's transaction it leaves all for later. */
  openSome(): boolean;
}

export interface FollowUpParts {
  readonly database: Database;
  readonly store: CaseStore;
  readonly ledger: Pick<Ledger, 'append'>;
  readonly now: () => number;
}

const pageSize = 500;

export function createFollowUp({ database: { sqlite }, store, ledger, now }: FollowUpParts): FollowUp {
  const inOne = <T>(work: () => T): T => sqlite.transaction(work).immediate();

  /** What has happened to a case becomes a fact, in the transaction in which it happened. */
  function tell(type: string, number: number, said: Readonly<Record<string, unknown>>): CaseRecord {
    const record = store.find(number);
    if (record === null) throw new Error(`there is no case ${number}`);
    const { service, site, terminal, counter, clerk } = record;
    const place = { service, site, terminal, counter: counter || null, clerk: clerk || null };
    ledger.append([{ type, ...place, time: now(), data: { case: number, ...said } }]);
    return record;
  }

  function openFor({ service }: RatingRecord): void {
    const number = store.open(service, null, now());
    if (number !== null) tell(caseOpened, number, { by: null, note: null });
  }

  function takePage(): boolean {
    const page = store.ratings(pageSize);
    page.filter(isBad).forEach(openFor);
    const last = page.at(-1);
    if (last !== undefined) store.lookedAt(last.position);
    return page.length === pageSize;
  }

  return {
    open: (service, note, by) =>
      inOne(() => {
        const number = store.open(service, by, now());
        if (number === null) throw conflict('case-exists', 'the service has a case already: open that one again');
        return tell(caseOpened, number, { by, note });
      }),
    close: (number, closing, by) =>
      inOne(() => {
        if (!store.close(number, by, now())) throw conflict('case-closed', 'the case is closed already');
        return tell(caseClosed, number, { by, ...closing });
      }),
    reopen: (number, note, by) =>
      inOne(() => {
        if (!store.reopen(number)) throw conflict('case-open', 'the case is open');
        return tell(caseReopened, number, { by, note });
      }),
    openSome: () => sqlite.open && (sqlite.inTransaction || inOne(takePage)),
  };
}

/** Whether the level is a bad one of the profile that the service was rated by. */
function isBad({ profile, level }: RatingRecord): boolean {
  return isProfileId(profile) && polarityOf(profile, level) === 'bad';
}
