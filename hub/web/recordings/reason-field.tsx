import { Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { useRules } from '../frame/rules.ts';

/** Why somebody does what the form is about. */
export function ReasonField() {
  const { t } = useTranslation();
  const { reason } = useRules();
  return (
    <Form.Item name="reason" label={t('recordings.reason')} rules={reason} extra={t('recordings.reasonHint')}>
      <Input.TextArea rows={3} maxLength={200} />
    </Form.Item>
  );
}
