import { useRef } from 'react';

/**
 * Puts the cursor into the first field of a drawer once it is open: `ref` is for its content, `focus` for its `afterOpenChange`.
 * Left alone the drawer would begin at the button that closes it.
 */
export function useFirstField() {
  const ref = useRef<HTMLDivElement>(null);
  const focus = (open: boolean) => {
    if (open)
      ref.current?.querySelector<HTMLElement>('input:not([type=file], :disabled), textarea:not(:disabled)')?.focus();
  };
  return { ref, focus };
}
