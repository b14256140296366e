import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { explain } from './explain.ts';

/** Something that can be taken away, and how. */
export interface Removal {
  /** The word on the button; "Remove" where it is not said. */
  word?: string;
  ask: string;
  /** What becomes of it. */
  detail: string;
  /** Tells the hub. May answer the words to say afterwards. */
  run: () => Promise<string | unknown>;
  /** The first words of the keys that are to be read again afterwards. */
  changes: readonly string[];
}

interface RemoveButtonProps {
  removal: Removal;
  type?: 'link' | 'default';
  /** Names the button where the word alone would not say what it is about. */
  label?: string;
  done?: () => void;
}

/** A button that asks before it takes something away, and says why when the hub refuses. */
export function RemoveButton({ removal, type = 'default', label, done }: RemoveButtonProps) {
  const { t } = useTranslation();
  const { modal, message } = App.useApp();
  const cache = useQueryClient();
  const { word = t('common.remove'), ask, detail, run, changes } = removal;
  const removing = useMutation({
    mutationFn: run,
    onSuccess: async (said) => {
      void message.success(typeof said === 'string' ? said : t('common.removed'));
      done?.();
      await Promise.all(changes.map((key) => cache.invalidateQueries({ queryKey: [key] })));
    },
    onError: (error) => void message.error(explain(error, t).title),
  });
  const askFirst = () =>
    void modal.confirm({
      title: ask,
      content: detail,
      okText: word,
      okButtonProps: { danger: true },
      cancelText: t('common.cancel'),
      autoFocusButton: 'cancel',
      onOk: () => removing.mutateAsync().catch(() => null),
    });
  return (
    <Button danger type={type} aria-label={label ?? word} loading={removing.isPending} onClick={askFirst}>
      {word}
    </Button>
  );
}
