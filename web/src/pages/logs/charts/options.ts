// SPDX-License-Identifier: Apache-2.0
// What ECharts is told to draw, for each kind of `render`.
import type { EChartsCoreOption } from 'echarts/core';
import type { LogTable, Render } from '../../../api/logs';
import { timeText } from '../results/values';
import type { Zone } from '../../../app/preferences';
import { chartData, ladder, treeOf, type ChartData, type ChartKind, type Point, type Series } from './data';

export interface Looks {
  dark: boolean;
  zone: Zone;
  animation: boolean;
  label: string;
  font: string; // text is measured in it
  color: (name: string) => string; // of a variable of the theme
}

export const mostSeries = 60;

const palettes = {
  light: ['#0f6cbd', '#bc4b09', '#107c10', '#8764b8', '#c50f1f', '#038387', '#8a6508', '#e3008c', '#4f6bed', '#69797e'],
  dark: ['#479ef5', '#f7a06b', '#6fcf6f', '#b4a0ff', '#f58b93', '#4fd1c5', '#f2c661', '#ff8ac8', '#93a5ff', '#b3b8bd'],
};

const stacked = (kind: ChartKind, render: Render): boolean =>
  kind === 'stackedareachart' || kind === 'pivotchart' || /^stacked/.test(render.kind ?? '');

/** Every series at every place of the axis: stacks add up by position. */
export function aligned(series: Series[]): Series[] {
  const places = [...new Set(series.flatMap(({ points }) => points.map(([x]) => x)))];
  if (places.every((x) => typeof x === 'number')) places.sort((a, b) => Number(a) - Number(b));
  return series.map(({ name, points }) => {
    const values = new Map(points);
    return { name, points: places.map((x): Point => [x, values.get(x) ?? 0]) };
  });
}

/** As shares of 100 at every place. */
function shares(series: Series[]): Series[] {
  const sums = series[0]?.points.map((_, at) => series.reduce((sum, { points }) => sum + Math.abs(points[at]![1] ?? 0), 0)) ?? [];
  return series.map(({ name, points }) => ({ name, points: points.map(([x, y], at): Point => [x, sums[at] ? (100 * Math.abs(y ?? 0)) / sums[at] : 0]) }));
}

const numberOr = (value: unknown): number | undefined => {
  const number = value === null || value === undefined || value === '' ? NaN : Number(value);
  return Number.isFinite(number) ? number : undefined;
};

function common({ color, dark, animation, label, font }: Looks): EChartsCoreOption {
  const text = color('--colorNeutralForeground1');
  return {
    animation, color: dark ? palettes.dark : palettes.light, aria: { enabled: true, label: { description: label } },
    textStyle: { color: text, fontFamily: font },
    tooltip: { confine: true, backgroundColor: color('--colorNeutralBackground1'), borderColor: color('--colorNeutralStroke1'), textStyle: { color: text, fontSize: 12, fontFamily: font } },
  };
}

const legendOf = (names: string[], render: Render, { color }: Looks) => ({
  show: names.length > 1 && render.legend !== 'hidden', type: 'scroll', bottom: 0, left: 'center', icon: 'roundRect', itemWidth: 12, itemHeight: 8, itemGap: 16, data: names,
  textStyle: { color: color('--colorNeutralForeground1') }, pageTextStyle: { color: color('--colorNeutralForeground1') },
  pageIconColor: color('--colorNeutralForeground1'), pageIconInactiveColor: color('--colorNeutralForegroundDisabled'),
});

function axisLooks({ color }: Looks) {
  const line = { lineStyle: { color: color('--colorNeutralStroke2') } };
  const muted = color('--colorNeutralForeground2');
  return { axisLine: line, axisTick: line, splitLine: line, axisLabel: { color: muted, hideOverlap: true }, nameTextStyle: { color: muted } };
}

function placeAxis(data: ChartData, render: Render, looks: Looks, upright: boolean) {
  const names = [...new Set(data.series.flatMap(({ points }) => points.map(([x]) => x)))];
  const base = axisLooks(looks);
  const shown = { ...base, splitLine: { show: false }, name: render.xTitle ?? '', nameLocation: 'middle', nameGap: 28 };
  if (data.axis === 'time') {
    return { ...shown, type: 'time', useUTC: looks.zone === 'utc', axisPointer: { label: { formatter: ({ value }: { value: number }) => timeText(new Date(value).toISOString(), looks.zone) } } };
  }
  if (data.axis === 'value') return { ...shown, type: render.xAxis === 'log' ? 'log' : 'value', scale: true };
  return { ...shown, type: 'category', data: names, inverse: !upright, axisLabel: { ...base.axisLabel, width: upright ? 120 : 200, overflow: 'truncate', hideOverlap: upright } };
}

const valueAxis = (render: Render, looks: Looks) => ({
  ...axisLooks(looks), type: render.yAxis === 'log' ? 'log' : 'value', name: render.yTitle ?? '', nameLocation: 'end',
  min: numberOr(render.yMin), max: render.kind === 'stacked100' ? 100 : numberOr(render.yMax),
});

const isBars = (kind: ChartKind): boolean => kind === 'columnchart' || kind === 'barchart' || kind === 'pivotchart';

function drawn({ name, points }: Series, kind: ChartKind, stack: boolean) {
  const common = { name, data: points, ...(stack ? { stack: 'all' } : {}), emphasis: { focus: 'series' } };
  if (isBars(kind)) return { ...common, type: 'bar', barMaxWidth: 48, data: kind === 'barchart' ? points.map(([x, y]) => [y, x]) : points };
  if (kind === 'scatterchart') return { ...common, type: 'scatter', symbolSize: 7 };
  const area = kind === 'areachart' || kind === 'stackedareachart';
  return {
    ...common, type: 'line', symbol: 'circle', symbolSize: 5, showSymbol: points.length < 40, sampling: 'lttb', lineStyle: { width: 2 },
    ...(area ? { areaStyle: { opacity: stack ? 0.6 : 0.25 } } : {}),
  };
}

function withAxes(data: ChartData, kind: ChartKind, render: Render, looks: Looks): EChartsCoreOption {
  const stack = stacked(kind, render);
  const kept = data.series.slice(0, mostSeries);
  const even = stack ? aligned(kept) : kept;
  const series = (render.kind === 'stacked100' ? shares(even) : even).map((one) => drawn(one, kind, stack));
  const names = kept.map(({ name }) => name);
  const places = placeAxis(data, render, looks, kind !== 'barchart');
  const values = valueAxis(render, looks);
  const base = common(looks);
  const marks = { name: '!', type: 'scatter', data: data.anomalies, symbol: 'circle', symbolSize: 11, itemStyle: { color: looks.color('--bad') }, z: 5 };
  return {
    ...base, useUTC: looks.zone === 'utc', legend: legendOf(names, render, looks),
    grid: { left: 8, right: 24, top: render.yTitle ? 32 : 12, bottom: names.length > 1 && render.legend !== 'hidden' ? 34 : 12, containLabel: true },
    tooltip: { ...(base.tooltip as object), trigger: kind === 'scatterchart' ? 'item' : 'axis', axisPointer: { type: isBars(kind) ? 'shadow' : 'line' } },
    xAxis: kind === 'barchart' ? values : places, yAxis: kind === 'barchart' ? places : values,
    series: data.anomalies.length ? [...series, marks] : series,
  };
}

/** Names stand beside so many slices; a legend has them where there are more. */
const labelledSlices = 8;

function pie(data: ChartData, render: Render, looks: Looks): EChartsCoreOption {
  const sums = new Map<string, number>();
  for (const { points } of data.series) for (const [x, y] of points) sums.set(String(x), (sums.get(String(x)) ?? 0) + (y ?? 0));
  const slices = [...sums].map(([name, value]) => ({ name, value }));
  const legend = legendOf(slices.map(({ name }) => name), render, looks);
  const withLegend = legend.show && slices.length > labelledSlices;
  const base = common(looks);
  return {
    ...base, legend: { ...legend, show: withLegend, orient: 'vertical', left: 'auto', right: 8, top: 8, bottom: 8 },
    tooltip: { ...(base.tooltip as object), trigger: 'item' },
    series: [{
      type: 'pie', radius: ['36%', '66%'], center: [withLegend ? '40%' : '50%', '50%'], data: slices, itemStyle: { borderColor: looks.color('--colorNeutralBackground1'), borderWidth: 1 },
      label: { color: looks.color('--colorNeutralForeground1'), formatter: '{b}: {d}%' },
    }],
  };
}

function treemap(table: LogTable, render: Render, looks: Looks): EChartsCoreOption | null {
  const data = treeOf(table, render);
  if (data.length === 0) return null;
  const border = looks.color('--colorNeutralBackground1');
  // Dark text on light boxes and light text on dark ones, whatever the theme.
  const label = { color: looks.dark ? '#1b1b1b' : '#ffffff' };
  return { ...common(looks), series: [{ type: 'treemap', data, roam: false, nodeClick: false, breadcrumb: { show: false }, left: 0, right: 0, top: 0, bottom: 0, label, itemStyle: { borderColor: border, gapWidth: 2 } }] };
}

function ladderchart(table: LogTable, looks: Looks): EChartsCoreOption | null {
  const bars = ladder(table);
  if (bars.length === 0) return null;
  const base = common(looks);
  const first = Math.min(...bars.map(({ start }) => start));
  const time = (value: number) => timeText(new Date(value).toISOString(), looks.zone);
  const axis = axisLooks(looks);
  return {
    ...base, grid: { left: 8, right: 24, top: 12, bottom: 12, containLabel: true },
    tooltip: { ...(base.tooltip as object), trigger: 'item', valueFormatter: (value: number) => time(first + value) },
    xAxis: { ...axis, type: 'value', min: first, max: Math.max(...bars.map(({ end }) => end)), axisLabel: { ...axis.axisLabel, formatter: (value: number) => time(value).slice(0, 19) } },
    yAxis: { ...axis, type: 'category', inverse: true, data: bars.map(({ label }) => label), splitLine: { show: false }, axisLabel: { ...axis.axisLabel, width: 200, overflow: 'truncate' } },
    series: [
      { type: 'bar', stack: 'all', silent: true, itemStyle: { color: 'transparent' }, data: bars.map(({ start }) => start) },
      { type: 'bar', stack: 'all', barMaxWidth: 24, data: bars.map(({ start, end }) => Math.max(end - start, 1)), tooltip: { valueFormatter: (value: number) => `${value / 1000} s` } },
    ],
  };
}

/** Null where nothing in the result can be drawn as that kind. */
export function chartOptions(table: LogTable, kind: ChartKind, render: Render, looks: Looks): EChartsCoreOption | null {
  if (kind === 'treemap') return treemap(table, render, looks);
  if (kind === 'ladderchart') return ladderchart(table, looks);
  const data = chartData(table, kind, render);
  if (!data) return null;
  return kind === 'piechart' ? pie(data, render, looks) : withAxes(data, kind, render, looks);
}
