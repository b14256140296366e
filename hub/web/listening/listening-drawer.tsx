import { CustomerServiceOutlined } from '@ant-design/icons';
import type { FloorCounter } from '@manyi/config/api';
import { Alert, Drawer } from 'antd';
import { useTranslation } from 'react-i18next';
import { useFirstField } from '../frame/first-field.ts';
import { PurposeForm } from '../frame/purpose-form.tsx';
import { Refused } from '../frame/states.tsx';
import { Hearing } from './hearing.tsx';
import type { Shown } from './session.ts';
import { useSession } from './use-session.ts';
import { WhoListens } from './who-listens.tsx';
import './listening.css';

const usual = ['training', 'complaint', 'help', 'check'] as const;

interface ListeningDrawerProps {
  site: string;
  /** Where to listen; null keeps the drawer closed. */
  counter: FloorCounter | null;
  close: () => void;
}

/** Listening in to a counter, at the side of the floor, which can be watched meanwhile. Closing it ends the listening. */
export function ListeningDrawer({ site, counter, close }: ListeningDrawerProps) {
  const { t } = useTranslation();
  const firstField = useFirstField();
  return (
    <Drawer
      open={counter !== null}
      title={counter === null ? '' : t('listening.title', { counter: counter.name })}
      onClose={close}
      afterOpenChange={firstField.focus}
      size={420}
      mask={false}
      destroyOnHidden
    >
      <div ref={firstField.ref}>
        {counter !== null && <OneCounter key={counter.counter} site={site} counter={counter} />}
      </div>
    </Drawer>
  );
}

function OneCounter({ site, counter }: { site: string; counter: FloorCounter }) {
  const { t } = useTranslation();
  const { session, shown } = useSession(site, counter.counter);
  const { phase, listening } = shown;
  const isAsking = phase.is !== 'hearing' && phase.is !== 'lost' && (phase.is !== 'starting' || listening === null);
  return (
    <>
      <p className="listening-clerk">
        {counter.clerk === null ? t('floor.nobody') : t('listening.clerk', { name: counter.clerk.name })}
      </p>
      <Outcome phase={phase} />
      {isAsking ? (
        <>
          <WhoListens site={site} counter={counter.counter} />
          <PurposeForm
            given={listening?.purpose ?? ''}
            words={{
              label: t('listening.why'),
              help: t('listening.whyHelp'),
              usual: usual.map((one) => t(`listening.usual.${one}`)),
              go: t('listening.start'),
            }}
            icon={<CustomerServiceOutlined aria-hidden />}
            isGoing={phase.is === 'starting'}
            go={(purpose) => void session.start(purpose)}
          />
        </>
      ) : (
        <Hearing session={session} shown={shown} />
      )}
    </>
  );
}

/** Why nothing is heard any more, or never was. */
function Outcome({ phase }: Pick<Shown, 'phase'>) {
  const { t } = useTranslation();
  if (phase.is === 'refused') return <Refused error={phase.error} />;
  const words =
    phase.is === 'mute'
      ? { title: t('listening.mute'), detail: t('listening.muteDetail') }
      : phase.is === 'ended'
        ? { title: t(`listening.ended.${phase.why}`), detail: t('listening.endedDetail') }
        : null;
  if (words === null) return null;
  return (
    <Alert className="failed" type="warning" showIcon role="alert" title={words.title} description={words.detail} />
  );
}
