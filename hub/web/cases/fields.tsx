import type { CaseClosing } from '@manyi/config/cases';
import { Form, Input, Radio } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRules } from '../frame/rules.ts';

/** Why a case is opened by hand, or opened again. */
export function NoteField({ of }: { of: 'open' | 'reopen' }) {
  const { t } = useTranslation();
  return <Words name="note" label={t(`cases.note.${of}`)} hint={t('cases.noteHint')} rows={4} />;
}

const answers = ['answer', 'noAnswer'] as const;

/** What ends a case: its cause, what was done, and the customer's answer or why there is none. */
export function ClosingFields() {
  const { t } = useTranslation();
  const [said, say] = useState<(typeof answers)[number]>('answer');
  const part = (name: keyof CaseClosing) => ({ name, label: t(`cases.parts.${name}`) });
  return (
    <>
      <Words {...part('cause')} />
      <Words {...part('evidence')} rows={4} />
      <Form.Item required label={t('cases.answered.ask')}>
        <Radio.Group
          aria-label={t('cases.answered.ask')}
          value={said}
          onChange={({ target }) => say(target.value)}
          options={answers.map((name) => ({ value: name, label: t(`cases.answered.${name}`) }))}
        />
      </Form.Item>
      <Words key={said} {...part(said)} hint={t('cases.noteHint')} />
    </>
  );
}

interface WordsProps {
  name: string;
  label: string;
  hint?: string;
  rows?: number;
}

function Words({ name, label, hint, rows = 2 }: WordsProps) {
  const rules = useRules();
  return (
    <Form.Item name={name} label={label} rules={rules.required} extra={hint}>
      <Input.TextArea rows={rows} maxLength={500} />
    </Form.Item>
  );
}
