import { CustomerServiceOutlined } from '@ant-design/icons';
import type { FloorCounter } from '@manyi/config/api';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';

/** Begins to listen in to a counter: only where there is a terminal that can be heard. */
export function ListenButton({ counter, listen }: { counter: FloorCounter; listen: (counter: string) => void }) {
  const { t } = useTranslation();
  const { name, presence, microphone } = counter;
  if (presence?.state !== 'online' || microphone === null) return null;
  if (!microphone) return <span className="pill">{t('listening.noSound')}</span>;
  return (
    <Button
      type="text"
      shape="circle"
      size="small"
      className="listen-button"
      title={t('listening.listen')}
      icon={<CustomerServiceOutlined aria-hidden />}
      aria-label={t('listening.listenTo', { counter: name })}
      onClick={() => listen(counter.counter)}
    />
  );
}
