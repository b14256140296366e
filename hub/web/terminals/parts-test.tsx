import { CheckOutlined, WarningOutlined } from '@ant-design/icons';
import type { Site, Terminal } from '@manyi/config/api';
import { part } from '@manyi/config/events';
import { useMutation } from '@tanstack/react-query';
import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCauseWords } from '../frame/cause.ts';
import { Refused } from '../frame/states.tsx';
import { nothing, send } from '../http/client.ts';
import { useFormat } from '../i18n/format.ts';

interface PartsTestProps {
  site: Site;
  terminal: Terminal;
}

/** The test takes a second or two, and what came of it is read within a few more. */
const patienceMs = 20_000;

/** How a terminal's parts are, and the button that has them tried. */
export function PartsTest({ site, terminal }: PartsTestProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { wait, ask, error } = useTest(terminal);
  const tested = terminal.health?.tested;
  return (
    <section className="terminal-part">
      <h2>{t('terminals.test.title')}</h2>
      {error && <Refused error={error} />}
      <PartsList terminal={terminal} />
      <div className="parts-test">
        <Button loading={wait === 'asked'} disabled={terminal.presence.state === 'offline'} onClick={ask}>
          {t('terminals.test.ask')}
        </Button>
        <span role="status">
          {wait === 'late' ? (
            <span className="gaps">{t('terminals.test.late')}</span>
          ) : (
            <span className="muted">
              {tested === undefined
                ? t('terminals.test.never')
                : t('terminals.test.tested', { time: format.dateTime(tested, site.timeZone) })}
            </span>
          )}
        </span>
      </div>
      <p className="muted">{t('terminals.test.lead')}</p>
    </section>
  );
}

/** Asks the terminal, and waits until it tells of another test than before. */
function useTest({ id, health }: Terminal) {
  const [before, setBefore] = useState<{ tested: string | undefined } | null>(null);
  const [late, setLate] = useState(false);
  const asking = useMutation({
    mutationFn: () => send(nothing, 'POST', `/terminals/${id}/commands`, { name: 'self-test', data: {} }),
    onMutate() {
      setLate(false);
      setBefore({ tested: health?.tested });
    },
    onError: () => setBefore(null),
  });
  const isOpen = before !== null && before.tested === health?.tested;
  useEffect(() => {
    if (!isOpen) return;
    const timer = setTimeout(() => setLate(true), patienceMs);
    return () => clearTimeout(timer);
  }, [isOpen]);
  const wait = !isOpen ? null : late ? 'late' : 'asked';
  return { wait, ask: () => asking.mutate(), error: asking.error };
}

function PartsList({ terminal: { health, failures } }: { terminal: Terminal }) {
  const { t } = useTranslation();
  const causeWords = useCauseWords();
  const known = part.options.filter((one) => health?.parts?.[one] !== undefined);
  if (known.length === 0) return <p className="muted">{t('terminals.noHealth')}</p>;
  return (
    <ul className="parts">
      {known.map((one) => (
        <li key={one}>
          <span>{t(`terminals.parts.${one}`)}</span>
          {health?.parts?.[one] === false ? (
            <span className="gaps">
              <WarningOutlined aria-hidden />{' '}
              {causeWords(failures.find((failure) => failure.part === one)?.detail ?? t('terminals.test.failed'))}
            </span>
          ) : (
            <span className="complete">
              <CheckOutlined aria-hidden /> {t('terminals.test.works')}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
