import { useTranslation } from 'react-i18next';

const counterScreen = 'http://127.0.0.1:8090';

/** How to make the first rating, for as long as the site has none. */
export function FirstRating() {
  const { t } = useTranslation();
  const [before, after] = t('floor.emptySteps.openDetail', { link: '\n' }).split('\n');
  return (
    <section className="card first-rating" aria-labelledby="first-rating-title">
      <h2 id="first-rating-title">{t('floor.empty')}</h2>
      <ol>
        <li>
          <b>{t('floor.emptySteps.open')}</b>
          <span className="muted">
            {before}
            <a href={counterScreen} target="_blank" rel="noreferrer">
              {counterScreen}
            </a>
            {after}
          </span>
        </li>
        <li>
          <b>{t('floor.emptySteps.tap')}</b>
          <span className="muted">{t('floor.emptySteps.tapDetail')}</span>
        </li>
        <li>
          <b>{t('floor.emptySteps.watch')}</b>
          <span className="muted">{t('floor.emptySteps.watchDetail')}</span>
        </li>
      </ol>
    </section>
  );
}
