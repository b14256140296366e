import { CheckOutlined, WarningOutlined } from '@ant-design/icons';
import type { Completeness } from '@manyi/config/api';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format.ts';

/** Received of expected, and what lacks: in words, with a bar that shows the gap. */
export function Delivered({ of }: { of: Completeness | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (of === undefined) return <span className="muted">…</span>;
  const { expected, received, quarantined, missing } = of;
  if (expected === 0) return <span className="muted">{t('terminals.nothingYet')}</span>;
  return (
    <div className="delivered">
      <span className="delivered-figures">
        <b>{t('terminals.of', { received: format.figure(received), expected: format.figure(expected) })}</b>
        {missing === 0 && quarantined === 0 ? (
          <span className="complete">
            <CheckOutlined aria-hidden /> {t('terminals.complete')}
          </span>
        ) : (
          <span className="gaps">
            <WarningOutlined aria-hidden /> {lacking(t, missing, quarantined)}
          </span>
        )}
      </span>
      <span className="delivered-bar" aria-hidden="true">
        <i className="bar-received" style={{ flexGrow: received }} />
        <i className="bar-quarantined" style={{ flexGrow: quarantined }} />
        <i className="bar-missing" style={{ flexGrow: missing }} />
      </span>
    </div>
  );
}

function lacking(t: TFunction, missing: number, quarantined: number): string {
  return [
    ...(missing > 0 ? [t('terminals.missing', { count: missing })] : []),
    ...(quarantined > 0 ? [t('terminals.quarantined', { count: quarantined })] : []),
  ].join(' · ');
}
