import { createContext, useCallback, useContext, useLayoutEffect, useSyncExternalStore } from 'react';
import { applyPalette, type Palette, paletteFor } from './theme.ts';

/** Whether a media query holds, now and whenever that changes. */
function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (changed: () => void) => {
      const list = matchMedia(query);
      list.addEventListener('change', changed);
      return () => list.removeEventListener('change', changed);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}

/** Whether nothing may move, as the operating system says. */
export function useStillness(): boolean {
  return useMedia('(prefers-reduced-motion: reduce)');
}

/** Whether the surroundings are dark, as the operating system says, with the palette put in force. */
export function useSurroundings(): { isDark: boolean; palette: Palette } {
  const isDark = useMedia('(prefers-color-scheme: dark)');
  const palette = paletteFor(isDark);
  useLayoutEffect(() => applyPalette(palette, isDark), [palette, isDark]);
  return { isDark, palette };
}

export const PaletteContext = createContext<Palette>(paletteFor(false));

/** The palette in force, for drawings that need plain colours. */
export function usePalette(): Palette {
  return useContext(PaletteContext);
}
