import { CustomerServiceOutlined } from '@ant-design/icons';
import { Button, Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { useReasonRules } from '../recordings/reason-field.tsx';

const usual = ['training', 'complaint', 'help', 'check'] as const;

interface PurposeFormProps {
  /** What was said the last time. */
  given: string;
  isStarting: boolean;
  start: (purpose: string) => void;
}

/** Asks why, before anything is heard, and says who will see it. */
export function PurposeForm({ given, isStarting, start }: PurposeFormProps) {
  const { t } = useTranslation();
  const rules = useReasonRules();
  const [form] = Form.useForm<{ purpose: string }>();
  return (
    <Form
      form={form}
      layout="vertical"
      requiredMark={false}
      initialValues={{ purpose: given }}
      onFinish={({ purpose }) => start(purpose.trim())}
    >
      <Form.Item
        name="purpose"
        label={t('listening.why')}
        rules={rules}
        extra={
          <>
            {t('listening.whyHelp')}
            <span className="listening-usual">
              {usual.map((one) => (
                <Button
                  key={one}
                  size="small"
                  onClick={() => form.setFieldValue('purpose', t(`listening.usual.${one}`))}
                >
                  {t(`listening.usual.${one}`)}
                </Button>
              ))}
            </span>
          </>
        }
      >
        <Input maxLength={200} autoComplete="off" />
      </Form.Item>
      <Button
        type="primary"
        htmlType="submit"
        size="large"
        loading={isStarting}
        icon={<CustomerServiceOutlined aria-hidden />}
      >
        {t('listening.start')}
      </Button>
    </Form>
  );
}
