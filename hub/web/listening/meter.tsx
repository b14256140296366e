import { useTranslation } from 'react-i18next';

const quietest = -60;

/** How loud it is at the counter now: from −60 dB of full scale, where rooms are quiet, to full scale. */
export function Meter({ level }: { level: number }) {
  const { t } = useTranslation();
  const decibels = level > 0 ? Math.max(quietest, 20 * Math.log10(level)) : quietest;
  const share = Math.round((1 - decibels / quietest) * 100);
  return (
    <>
      <div className="listening-meter" aria-hidden>
        <span style={{ width: `${share}%` }} />
      </div>
      <meter className="hidden-text" aria-label={t('listening.level')} min={0} max={100} value={share}>
        {share} %
      </meter>
    </>
  );
}
