import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Drawer, Form } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFirstField } from './first-field.ts';
import { type Removal, RemoveButton } from './remove-button.tsx';
import { Refused } from './states.tsx';

interface EditDrawerProps<T> {
  title: string;
  /** How wide it is, in pixels: 420 where that is not said. */
  size?: number;
  /** What the fields hold at first; null keeps the drawer closed. */
  initial: Partial<T> | null;
  /** Sends the fields to the hub. */
  save: (fields: T) => Promise<unknown>;
  /** The word of the button that sends; "Save" where it is not said. */
  submit?: string;
  /** Whether that cannot be undone. */
  isDanger?: boolean;
  /** What is said when it was taken; "Saved" where that is not said. */
  done?: string;
  /** How to take away what is edited; null where that cannot be. */
  removal?: Removal | null;
  /** The first words of the keys that are to be read again afterwards. */
  changes: readonly string[];
  close: () => void;
  children: ReactNode;
}

/** A form at the side of the page: sends, shows what the hub refused, and closes when it was taken. */
export function EditDrawer<T extends object>({ title, size = 420, initial, ...form }: EditDrawerProps<T>) {
  const firstField = useFirstField();
  return (
    <Drawer
      open={initial !== null}
      title={title}
      onClose={form.close}
      afterOpenChange={firstField.focus}
      size={size}
      destroyOnHidden
    >
      <div ref={firstField.ref}>{initial !== null && <EditForm initial={initial} {...form} />}</div>
    </Drawer>
  );
}

type EditFormProps<T> = Omit<EditDrawerProps<T>, 'title' | 'size'>;

function EditForm<T extends object>({
  initial,
  save,
  submit,
  isDanger = false,
  done,
  removal = null,
  changes,
  close,
  children,
}: EditFormProps<T>) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const cache = useQueryClient();
  const saving = useMutation({
    mutationFn: save,
    onSuccess: async () => {
      await Promise.all(changes.map((key) => cache.invalidateQueries({ queryKey: [key] })));
      void message.success(done ?? t('common.saved'));
      close();
    },
  });
  return (
    <Form<T>
      layout="vertical"
      requiredMark="optional"
      initialValues={initial ?? {}}
      onFinish={(fields) => saving.mutate(fields)}
    >
      {saving.error && <Refused error={saving.error} />}
      {children}
      <div className="form-end">
        {removal !== null && (
          <span className="form-removal">
            <RemoveButton removal={removal} done={close} />
          </span>
        )}
        <Button onClick={close}>{t('common.cancel')}</Button>
        <Button type="primary" danger={isDanger} htmlType="submit" loading={saving.isPending}>
          {submit ?? t('common.save')}
        </Button>
      </div>
    </Form>
  );
}
