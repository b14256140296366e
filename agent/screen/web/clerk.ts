import type { ScreenView } from '../view.ts';
import { byId, write } from './page.ts';

const mostStars = 5;

/** The clerk's card: photo, name, number, stars, whether on a break, and the counter; without a clerk, the request for a badge. */
export function showClerk(view: ScreenView): void {
  const { clerk } = view;
  byId('on-duty').hidden = clerk === null;
  byId('off-duty').hidden = clerk !== null;
  write(byId('counter'), view.counter);
  if (clerk === null) return;
  write(byId('name'), clerk.name);
  write(byId('number'), clerk.number);
  byId('paused').hidden = !view.paused;
  showStars(clerk.stars);
  showPhoto(clerk.photo === null ? null : `${clerk.id} ${clerk.photo}`);
}

function showStars(stars: number | null): void {
  const element = byId('stars');
  element.hidden = stars === null;
  if (stars === null) return;
  write(element, '★'.repeat(stars) + '☆'.repeat(mostStars - stars));
  element.setAttribute('aria-label', `${stars} 星 ${stars} of ${mostStars} stars`);
}

/** `key` changes with the picture, so that none is shown from the browser's memory. */
function showPhoto(key: string | null): void {
  const image = byId('photo');
  if (!(image instanceof HTMLImageElement) || image.dataset['key'] === String(key)) return;
  image.dataset['key'] = String(key);
  // The drawing beneath shows until the picture is there, and instead of one that cannot be shown.
  image.hidden = true;
  image.onload = () => {
    image.hidden = false;
  };
  if (key !== null) image.src = `/photo?${encodeURIComponent(key)}`;
}
