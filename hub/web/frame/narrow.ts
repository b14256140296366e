import { type Breakpoint, Grid } from 'antd';

/** Columns for which a telephone has no room: there it stands below the row's first words. */
export const wide: Breakpoint[] = ['md'];

/** Whether the wide columns are gone. */
export function useIsNarrow(): boolean {
  return Grid.useBreakpoint().md === false;
}
