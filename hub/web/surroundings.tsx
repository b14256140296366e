import { createContext, useContext, useLayoutEffect, useSyncExternalStore } from 'react';
import { applyPalette, type Palette, paletteFor } from './theme.ts';

const query = matchMedia('(prefers-color-scheme: dark)');

function subscribe(changed: () => void): () => void {
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}

/** Whether the surroundings are dark, as the operating system says, with the palette put in force. */
export function useSurroundings(): { isDark: boolean; palette: Palette } {
  const isDark = useSyncExternalStore(subscribe, () => query.matches);
  const palette = paletteFor(isDark);
  useLayoutEffect(() => applyPalette(palette, isDark), [palette, isDark]);
  return { isDark, palette };
}

export const PaletteContext = createContext<Palette>(paletteFor(false));

/** The palette in force, for drawings that need plain colours. */
export function usePalette(): Palette {
  return useContext(PaletteContext);
}
