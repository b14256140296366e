import { Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';

/** The rules of a reason that goes into the audit log, as `purpose` of the treaty has them. */
export function useReasonRules() {
  const { t } = useTranslation();
  return [{ required: true, whitespace: true, min: 2, max: 200, message: t('recordings.reasonMissing') }];
}

/** Why somebody does what the form is about. */
export function ReasonField() {
  const { t } = useTranslation();
  const rules = useReasonRules();
  return (
    <Form.Item name="reason" label={t('recordings.reason')} rules={rules} extra={t('recordings.reasonHint')}>
      <Input.TextArea rows={3} maxLength={200} />
    </Form.Item>
  );
}
