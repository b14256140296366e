import type { Terminal } from '@manyi/config/api';
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format.ts';
import { useWaiting } from '../recordings/use-recordings.ts';

/** How many recordings a terminal has not sent yet, in words; '' when it has sent all. */
export function useWaitingWords(terminal: string): string {
  const { t } = useTranslation();
  const { sentences } = useFormat();
  const { data = [] } = useWaiting(null);
  const found = data.find((one) => one.terminal === terminal);
  if (found === undefined) return '';
  const all = t('terminals.waiting.of', { count: found.count });
  return found.held === 0 ? all : sentences(all, t('terminals.waiting.held', { count: found.held }));
}

interface WaitingAlertProps {
  /** The terminal that the code is for. */
  chosen: string;
  terminals: readonly Terminal[];
}

/** Says, before a device is given another place, which recordings would be deleted with the one it has. */
export function WaitingAlert({ chosen, terminals }: WaitingAlertProps) {
  const { t } = useTranslation();
  const { sentences } = useFormat();
  const { data = [] } = useWaiting(null);
  const own = data.find(({ terminal }) => terminal === chosen);
  const replaced = terminals.some(({ id, enrolled }) => id === chosen && enrolled);
  if (data.length === 0) return null;
  const named = data
    .map(({ terminal, count }) => t('terminals.waiting.named', { terminal, count }))
    .join(t('terminals.waiting.and'));
  return (
    <Alert
      className="waiting"
      type="warning"
      showIcon
      title={t('terminals.waiting.title')}
      description={
        <>
          <p>{sentences(`${named}${t('terminals.waiting.end')}`, t('terminals.waiting.moved'))}</p>
          {own !== undefined && replaced && (
            <p>
              <b>{t('terminals.waiting.replaced', { terminal: chosen, count: own.count })}</b>
            </p>
          )}
        </>
      }
    />
  );
}
