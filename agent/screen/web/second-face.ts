import { twoFacesMs } from './keys.ts';

/**
 * Hears a second finger where the faces stood, although the page may have changed to the thanks by then: the agent takes two faces at
 * once for no answer, and can do so only when it learns of both. Call the answer whenever a face is touched.
 */
export function watchForSecondFace(faces: HTMLElement, press: (index: number) => void): () => void {
  let places: DOMRect[] = [];
  let until = Number.NEGATIVE_INFINITY;
  addEventListener(
    'pointerdown',
    ({ clientX: x, clientY: y }) => {
      // Where the faces still stand they hear it themselves.
      if (performance.now() > until || faces.offsetParent !== null) return;
      const index = places.findIndex((at) => x >= at.left && x <= at.right && y >= at.top && y <= at.bottom);
      if (index >= 0) press(index);
    },
    { capture: true },
  );
  return () => {
    places = [...faces.children].map((face) => face.getBoundingClientRect());
    until = performance.now() + twoFacesMs;
  };
}
