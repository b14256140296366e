import { problemKindOf } from '@manyi/config/problems';
import type { TFunction } from 'i18next';
import { ProblemError } from '../http/client.ts';
import { causeWords, complaintWords } from './cause.ts';

export interface Explanation {
  title: string;
  detail: string | null;
}

/** Whether no hub answered at all. */
export function isAway(error: Error): boolean {
  return error instanceof ProblemError && error.status === 0;
}

/** What went wrong, for people: in their language where the cause is known, with the hub's own words where they say more. */
export function explain(error: Error, t: TFunction): Explanation {
  if (!(error instanceof ProblemError)) return { title: t('errors.broken'), detail: error.message };
  const { status, title, type } = error.problem;
  const kind = problemKindOf(type);
  if (kind !== null) return { title: t(`errors.kinds.${kind}`), detail: null };
  const detail = detailOf(error);
  switch (status) {
    case 0:
      return { title: t('errors.unreachable'), detail: t('errors.unreachableDetail') };
    case -1:
      return { title: t('errors.unreadable'), detail: t('errors.unreadableDetail', { detail: detail ?? '' }) };
    case 403:
      return { title: t('errors.forbidden'), detail: t('errors.forbiddenDetail') };
    case 404:
      return { title: t('errors.notFound'), detail: null };
    case 409:
      return { title: t('errors.conflict'), detail };
    case 413:
      return { title: t('errors.tooLarge'), detail: null };
    case 429:
      return { title: t('errors.throttled'), detail: null };
    default:
      if (status >= 500) return { title: t('errors.server', { status }), detail: causeWords(detail ?? title, t) };
      return { title: t('errors.invalid'), detail: complaintWords(detail ?? title, t) };
  }
}

function detailOf(error: ProblemError): string | null {
  const { detail, errors } = error.problem;
  const fields = errors?.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
  return fields || detail || null;
}
