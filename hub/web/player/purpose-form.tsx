import { CaretRightFilled } from '@ant-design/icons';
import { Button, Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { useReasonRules } from '../recordings/reason-field.tsx';

const usual = ['followUp', 'complaint', 'check'] as const;

/** Asks why, before anything is heard. */
export function PurposeForm({ given, play }: { given: string; play: (purpose: string) => void }) {
  const { t } = useTranslation();
  const rules = useReasonRules();
  const [form] = Form.useForm<{ purpose: string }>();
  return (
    <Form
      form={form}
      layout="vertical"
      requiredMark={false}
      className="purpose"
      initialValues={{ purpose: given }}
      onFinish={({ purpose }) => play(purpose.trim())}
    >
      <Form.Item
        name="purpose"
        label={t('recordings.player.why')}
        rules={rules}
        extra={
          <>
            {t('recordings.player.whyHelp')}
            <span className="purpose-usual">
              {usual.map((one) => (
                <Button
                  key={one}
                  size="small"
                  onClick={() => form.setFieldValue('purpose', t(`recordings.player.usual.${one}`))}
                >
                  {t(`recordings.player.usual.${one}`)}
                </Button>
              ))}
            </span>
          </>
        }
      >
        <Input maxLength={200} autoComplete="off" />
      </Form.Item>
      <Button type="primary" htmlType="submit" size="large" icon={<CaretRightFilled aria-hidden />}>
        {t('recordings.player.play')}
      </Button>
    </Form>
  );
}
