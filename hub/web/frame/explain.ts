import type { TFunction } from 'i18next';
import { ProblemError } from '../http/client.ts';

export interface Explanation {
  title: string;
  detail: string | null;
}

/** What went wrong, for people: in their language where the cause is known, else in the hub's own words. */
export function explain(error: Error, t: TFunction): Explanation {
  if (!(error instanceof ProblemError)) return { title: t('errors.broken'), detail: error.message };
  const { status, title } = error.problem;
  const detail = detailOf(error);
  if (status === 0) return { title: t('errors.unreachable'), detail: t('errors.unreachableDetail') };
  if (status === -1)
    return { title: t('errors.unreadable'), detail: t('errors.unreadableDetail', { detail: detail ?? '' }) };
  if (status === 403) return { title: t('errors.forbidden'), detail: detail ?? t('errors.forbiddenDetail') };
  if (status === 404) return { title: t('errors.notFound'), detail };
  if (status >= 500) return { title: t('errors.server', { status }), detail: detail ?? title };
  return { title: detail ?? title, detail: null };
}

function detailOf(error: ProblemError): string | null {
  const { detail, errors } = error.problem;
  const fields = errors?.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
  return fields || detail || null;
}
