import type { ScoreRow } from '@manyi/config/api';
import { type ProfileId, profiles } from '@manyi/config/profiles';
import { BarChart } from 'echarts/charts';
import { AriaComponent, GridComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useLevelWords } from '../levels/words.ts';
import { usePalette, useStillness } from '../surroundings.tsx';
import { levelColour, type Palette } from '../theme.ts';

echarts.use([BarChart, GridComponent, TooltipComponent, AriaComponent, SVGRenderer]);

export interface Bar {
  /** What stands below the bar. */
  label: string;
  row: ScoreRow | null;
}

interface ChartProps {
  bars: readonly Bar[];
  profile: ProfileId;
  caption: string;
}

/** The ratings of each hour or day as stacked bars, in the colours of the levels, best at the bottom. */
export function Chart({ bars, profile, caption }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const palette = usePalette();
  const isStill = useStillness();
  const { t } = useTranslation();
  const { word } = useLevelWords(profile);
  const chart = useRef<echarts.ECharts>(null);

  useEffect(() => {
    if (box.current === null) return;
    const drawn = echarts.init(box.current, null, { renderer: 'svg' });
    chart.current = drawn;
    const watcher = new ResizeObserver(() => drawn.resize());
    watcher.observe(box.current);
    return () => {
      watcher.disconnect();
      drawn.dispose();
      chart.current = null;
    };
  }, []);

  useEffect(() => {
    const series = [...profiles[profile].levels.map(({ name }) => name), null].map((level) => ({
      type: 'bar' as const,
      stack: 'all',
      name: level === null ? t('outcome.unrated') : word(level),
      color: levelColour(palette, level),
      barMaxWidth: 34,
      data: bars.map(({ row }) => countOf(row, level)),
    }));
    chart.current?.setOption({ ...around(palette, bars, caption), animation: !isStill, series }, { notMerge: true });
  }, [bars, profile, palette, caption, word, t, isStill]);

  return <div ref={box} className="chart-drawing" role="img" aria-label={caption} />;
}

function countOf(row: ScoreRow | null, level: string | null): number {
  if (row === null) return 0;
  return level === null ? Math.max(0, row.services - row.rated) : (row.counts[level] ?? 0);
}

function around(palette: Palette, bars: readonly Bar[], caption: string) {
  return {
    aria: { enabled: true, label: { description: caption } },
    animationDuration: 200,
    animationDurationUpdate: 200,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: palette['ink-2'] },
    grid: { left: 4, right: 4, top: 10, bottom: 2, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    tooltip: {
      trigger: 'axis' as const,
      axisPointer: { type: 'shadow' as const },
      backgroundColor: palette.card,
      borderColor: palette.line,
      textStyle: { color: palette.ink },
    },
    xAxis: {
      type: 'category' as const,
      data: bars.map(({ label }) => label),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: palette.line } },
      axisLabel: { color: palette['ink-2'] },
    },
    yAxis: {
      type: 'value' as const,
      minInterval: 1,
      splitLine: { lineStyle: { color: palette.line } },
      axisLabel: { color: palette['ink-2'] },
    },
  };
}
