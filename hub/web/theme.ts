import { type ThemeConfig, theme } from 'antd';

/**
 * The colours of the dashboard, once for light and once for dark surroundings. Levels are ordered in lightness too, so
 * that they survive grey print and colour-blind eyes.
 */
const light = {
  paper: '#f7f6f2',
  side: '#fbfaf7',
  card: '#ffffff',
  ink: '#1c2126',
  'ink-2': '#5d666e',
  line: '#e3e1da',
  track: '#ebe9e3',
  accent: '#0f6b66',
  'accent-soft': '#e7f0ef',
  'on-accent': '#ffffff',
  focus: '#1f6feb',
  online: '#1b7f54',
  offline: '#8a9198',
  alert: '#c2412d',
  'alert-soft': '#fbeeeb',
  warn: '#8a5a00',
  'very-satisfied': '#1b7f54',
  satisfied: '#74b06a',
  'basically-satisfied': '#b4c95f',
  average: '#e3a52c',
  dissatisfied: '#c2412d',
  'very-dissatisfied': '#7e1d10',
  unrated: '#c9ccc8',
};

export type Palette = Readonly<Record<keyof typeof light, string>>;

const dark: Palette = {
  paper: '#14181b',
  side: '#171c1f',
  card: '#1c2226',
  ink: '#eceae4',
  'ink-2': '#9aa4ab',
  line: '#2b3338',
  track: '#2b3338',
  accent: '#4fb6ae',
  'accent-soft': '#1f3334',
  'on-accent': '#0b1a19',
  focus: '#6aa5ff',
  online: '#3fae7c',
  offline: '#7d868d',
  alert: '#ea6f5b',
  'alert-soft': '#3a2421',
  warn: '#e8b04a',
  'very-satisfied': '#2c9a68',
  satisfied: '#86c27b',
  'basically-satisfied': '#c3d674',
  average: '#ecb548',
  dissatisfied: '#dd5b45',
  'very-dissatisfied': '#a3301f',
  unrated: '#4d565c',
};

/** The palette for dark or light surroundings. */
export function paletteFor(isDark: boolean): Palette {
  return isDark ? dark : light;
}

/** The colour of a level; grey for one that this version does not know, or for silence. */
export function levelColour(palette: Palette, level: string | null): string {
  return level !== null && level in palette ? palette[level as keyof Palette] : palette.unrated;
}

/** Hands the palette to the style sheet as custom properties. */
export function applyPalette(palette: Palette, isDark: boolean): void {
  const root = document.documentElement;
  root.style.colorScheme = isDark ? 'dark' : 'light';
  for (const [name, colour] of Object.entries(palette)) root.style.setProperty(`--${name}`, colour);
}

/** Ant Design in the same colours; `isStill` takes its motion away. */
export function antTheme(palette: Palette, isDark: boolean, isStill: boolean): ThemeConfig {
  return {
    algorithm: isDark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      colorPrimary: palette.accent,
      colorLink: palette.accent,
      colorInfo: palette.accent,
      // What Ant Design would make of so dark an accent is grey, as of things that are switched off.
      colorPrimaryBg: palette['accent-soft'],
      colorPrimaryBgHover: palette['accent-soft'],
      controlItemBgActive: palette['accent-soft'],
      controlItemBgActiveHover: palette['accent-soft'],
      controlOutline: `${palette.accent}66`,
      colorInfoBg: palette['accent-soft'],
      colorInfoBorder: palette.line,
      colorSuccess: palette.online,
      colorError: palette.alert,
      colorWarning: palette.average,
      colorTextBase: palette.ink,
      colorText: palette.ink,
      colorTextHeading: palette.ink,
      colorTextSecondary: palette['ink-2'],
      colorTextDescription: palette['ink-2'],
      colorTextPlaceholder: palette['ink-2'],
      colorBgBase: palette.card,
      colorBgContainer: palette.card,
      colorBgLayout: palette.paper,
      colorBgElevated: palette.card,
      colorBorder: isDark ? '#465057' : '#c9c6bc',
      colorBorderSecondary: palette.line,
      colorSplit: palette.line,
      borderRadius: 8,
      borderRadiusLG: 14,
      fontFamily: 'var(--sans)',
      fontSize: 14,
      motion: !isStill,
      motionDurationSlow: '0.2s',
      motionDurationMid: '0.15s',
    },
    components: {
      Button: {
        primaryColor: palette['on-accent'],
        primaryShadow: 'none',
        defaultShadow: 'none',
        dangerShadow: 'none',
        colorError: palette.alert,
      },
      Table: {
        headerBg: palette.card,
        headerColor: palette['ink-2'],
        headerSplitColor: 'transparent',
        headerSortActiveBg: palette.card,
        headerSortHoverBg: palette.card,
        bodySortBg: palette.card,
        fixedHeaderSortActiveBg: palette.card,
      },
      Tooltip: { colorTextLightSolid: '#ffffff' },
      Segmented: { trackBg: palette.track, itemSelectedBg: palette.card },
    },
  };
}
