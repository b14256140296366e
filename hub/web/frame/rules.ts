import { purpose } from '@manyi/config/audit';
import { useTranslation } from 'react-i18next';

/** The rules of form fields, with their words. Patterns are those of the treaty's ids. */
export function useRules() {
  const { t } = useTranslation();
  const required = { required: true, whitespace: true, message: t('session.missing') };
  const pattern = (shape: RegExp, message: string) => [{ ...required }, { pattern: shape, message }];
  return {
    required: [required],
    /** A reason or purpose that goes into the audit log, as `purpose` of the treaty has it. */
    reason: [
      {
        required: true,
        validator: (_: unknown, value: unknown) =>
          purpose.safeParse(value).success
            ? Promise.resolve()
            : Promise.reject(new Error(t('recordings.reasonMissing'))),
      },
    ],
    id: pattern(/^[a-z0-9][a-z0-9-]{0,62}$/, t('terminals.counter.idHint')),
    clerkId: pattern(/^[A-Za-z0-9][A-Za-z0-9-]{0,62}$/, t('people.clerk.idHint')),
    username: pattern(/^[a-z0-9][a-z0-9._-]{0,62}$/, t('people.user.usernameHint')),
    badge: pattern(/^[0-9A-Za-z]{4,32}$/, t('people.badge.codeHint')),
    password: [{ required: true, min: 10, message: t('setup.short') }],
    /** The same as the field of that name. */
    repeats: (field: string) => [
      required,
      (form: { getFieldValue: (name: string) => unknown }) => ({
        validator: (_: unknown, value: unknown) =>
          !value || form.getFieldValue(field) === value
            ? Promise.resolve()
            : Promise.reject(new Error(t('setup.differs'))),
      }),
    ],
    newPassword: [{ min: 10, message: t('setup.short') }],
  };
}
