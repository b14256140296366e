import { Button, Form, Input } from 'antd';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useRules } from './rules.ts';
import './purpose-form.css';

interface PurposeFormProps {
  /** What was said the last time. */
  given: string;
  words: { label: string; help: string; usual: readonly string[]; go: string };
  icon: ReactNode;
  isGoing?: boolean;
  go: (purpose: string) => void;
}

/** Asks why, before anything is heard, and says who will see it. */
export function PurposeForm({ given, words, icon, isGoing = false, go }: PurposeFormProps) {
  const { reason } = useRules();
  const [form] = Form.useForm<{ purpose: string }>();
  // A service may have several recordings: each label belongs to its own field.
  const own = useId();
  const goButton = useRef<HTMLButtonElement>(null);
  // Where it comes back, what had the focus is gone with what it began.
  useEffect(() => {
    if (given !== '' && document.activeElement === document.body) goButton.current?.focus();
  }, [given]);
  return (
    <Form
      form={form}
      name={own}
      layout="vertical"
      requiredMark={false}
      className="purpose"
      initialValues={{ purpose: given }}
      onFinish={({ purpose }) => go(purpose.trim())}
    >
      <Form.Item
        name="purpose"
        label={words.label}
        rules={reason}
        extra={
          <>
            {words.help}
            <span className="purpose-usual">
              {words.usual.map((one) => (
                <Button key={one} size="small" onClick={() => form.setFieldValue('purpose', one)}>
                  {one}
                </Button>
              ))}
            </span>
          </>
        }
      >
        <Input maxLength={200} autoComplete="off" />
      </Form.Item>
      <Button ref={goButton} type="primary" htmlType="submit" size="large" loading={isGoing} icon={icon}>
        {words.go}
      </Button>
    </Form>
  );
}
