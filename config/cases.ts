import { z } from 'zod';
import { clerkId, id, instant, uuid } from './ids.ts';
import { note } from './note.ts';

/** The bodies of `/api/v1/cases`. A case (工单) is the follow-up of one service, and stands in its evidence chain. */

export const caseState = z.enum(['open', 'closed']);
export type CaseState = z.infer<typeof caseState>;

/** A case as it is named beside what it is about: by its number, which it keeps. */
export const caseMark = z.object({ number: z.int().min(1), state: caseState });
export type CaseMark = z.infer<typeof caseMark>;

/**
 * One case. `openedBy` is the user who opened it, null where a bad rating opened it by itself. `closedAt` and `closedBy` are null while it is
 * open, also after it was opened again. `level` is that of the service's rating.
 */
export const oneCase = caseMark.extend({
  service: uuid,
  site: id,
  counter: id.nullable(),
  clerk: clerkId.nullable(),
  level: z.string().nullable(),
  openedAt: instant,
  openedBy: z.string().nullable(),
  closedAt: instant.nullable(),
  closedBy: z.string().nullable(),
});
export type Case = z.infer<typeof oneCase>;

/** Opens a case on a service by hand, and says why. */
export const newCase = z.object({ service: uuid, note });

/**
 * What ends a case: the cause, what shows that it was seen to, and what the customer answered or, in `noAnswer`, why there is no answer.
 * Exactly one of the two is said.
 */
export const caseClosing = z
  .object({
    cause: note,
    evidence: note,
    answer: note.nullable().default(null),
    noAnswer: note.nullable().default(null),
  })
  .refine(({ answer, noAnswer }) => (answer === null) !== (noAnswer === null), {
    path: ['answer'],
    message: 'give the customer’s answer, or in noAnswer why there is none: one of the two',
  });
export type CaseClosing = z.infer<typeof caseClosing>;

/** Why a closed case is opened again. */
export const caseReopening = z.object({ note });

/** What the ledger says of cases, beside the number as `case`. */
export const caseOpened = 'manyi.case.opened.v1';
export const caseClosed = 'manyi.case.closed.v1';
export const caseReopened = 'manyi.case.reopened.v1';
