import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Drawer, Form } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { explain } from './explain.ts';

interface EditDrawerProps<T> {
  title: string;
  /** What the fields hold at first; null keeps the drawer closed. */
  initial: Partial<T> | null;
  /** Sends the fields to the hub. */
  save: (fields: T) => Promise<unknown>;
  /** The first words of the keys that are to be read again afterwards. */
  changes: readonly string[];
  close: () => void;
  children: ReactNode;
}

/** A form at the side of the page: sends, shows what the hub refused, and closes when it was taken. */
export function EditDrawer<T extends object>({ title, initial, save, changes, close, children }: EditDrawerProps<T>) {
  return (
    <Drawer open={initial !== null} title={title} onClose={close} size={420} destroyOnHidden>
      {initial !== null && (
        <EditForm initial={initial} save={save} changes={changes} close={close}>
          {children}
        </EditForm>
      )}
    </Drawer>
  );
}

function EditForm<T extends object>({ initial, save, changes, close, children }: Omit<EditDrawerProps<T>, 'title'>) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const cache = useQueryClient();
  const saving = useMutation({
    mutationFn: save,
    onSuccess: async () => {
      await Promise.all(changes.map((key) => cache.invalidateQueries({ queryKey: [key] })));
      void message.success(t('common.saved'));
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
        <Button onClick={close}>{t('common.cancel')}</Button>
        <Button type="primary" htmlType="submit" loading={saving.isPending}>
          {t('common.save')}
        </Button>
      </div>
    </Form>
  );
}

/** Why the hub did not take it. */
export function Refused({ error }: { error: Error }) {
  const { t } = useTranslation();
  const { title, detail } = explain(error, t);
  return <Alert className="failed" type="error" showIcon role="alert" title={title} description={detail} />;
}
