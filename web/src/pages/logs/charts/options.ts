// SPDX-License-Identifier: Apache-2.0
// What ECharts is told to draw, for each kind of `render`.
import type { EChartsCoreOption } from 'echarts/core';
import type { LogTable, Render } from '../../../api/logs';
import { formatNumber } from '../../../i18n/format';
import { t } from '../../../i18n/logs';
import { timeText } from '../results/values';
import type { Zone } from '../../../app/preferences';
import { chartData, ladder, treeOf, type ChartData, type ChartKind, type Cut, type LadderBar, type Point, type Series, type TreeNode } from './data';

export interface Looks {
  dark: boolean;
  zone: Zone;
  animation: boolean;
  label: string;
  width: number; // of the chart, in pixels
  height: number;
  font: string; // text is measured in it
  color: (name: string) => string; // of a variable of the theme
}

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

const oneLine = (text: string | number): string => String(text).replace(/\s+/g, ' ');

const characterWidth = 7; // of a label, at the most
const labelHeight = 16;

const shortened = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** Labels below columns: as long as there is room for all of them; where that says too little, those of some columns. */
function labelsBelow(count: number, { width }: Looks) {
  const room = Math.floor((width * 0.9) / count / characterWidth);
  return { formatter: (text: string) => shortened(oneLine(text), Math.max(12, Math.min(40, room))), ...(room >= 12 ? { interval: 0 } : {}) };
}

/** Labels beside bars: those of every second bar, or of fewer, where the bars stand closer than lines of text. */
function labelsBeside(count: number, { width, height }: Looks) {
  const every = Math.max(1, Math.ceil((count * labelHeight) / Math.max(labelHeight, height - 56)));
  return { width: Math.max(60, Math.min(200, width / 3)), overflow: 'truncate', formatter: oneLine, interval: (at: number) => at % every === 0 };
}

/** What is drawn stays within the edges, with the labels and names of its axes. */
const within = (top: number, bottom: number) => ({ left: 8, right: 24, top, bottom, outerBoundsMode: 'same', outerBoundsContain: 'all', outerBounds: { left: 8, right: 24, top, bottom } });

function placeAxis(data: ChartData, render: Render, looks: Looks, upright: boolean) {
  const names = [...new Set(data.series.flatMap(({ points }) => points.map(([x]) => x)))];
  const base = axisLooks(looks);
  const shown = { ...base, splitLine: { show: false }, name: render.xTitle ?? '', nameLocation: 'middle', nameGap: upright ? 26 : 8 };
  if (data.axis === 'time') {
    return { ...shown, type: 'time', useUTC: looks.zone === 'utc', axisPointer: { label: { formatter: ({ value }: { value: number }) => timeText(new Date(value).toISOString(), looks.zone) } } };
  }
  if (data.axis === 'value') return { ...shown, type: render.xAxis === 'log' ? 'log' : 'value', scale: true };
  return { ...shown, type: 'category', data: names, inverse: !upright, axisLabel: { ...base.axisLabel, ...(upright ? labelsBelow : labelsBeside)(names.length, looks) } };
}

function valueAxis(render: Render, looks: Looks, upright: boolean) {
  const base = axisLooks(looks);
  const whole = render.kind === 'stacked100';
  return {
    ...base, type: render.yAxis === 'log' ? 'log' : 'value', name: render.yTitle ?? '', nameLocation: upright ? 'end' : 'middle', nameGap: upright ? 15 : 8,
    min: numberOr(render.yMin), max: whole ? 100 : numberOr(render.yMax), axisLabel: { ...base.axisLabel, ...(whole ? { formatter: '{value}%' } : {}) },
  };
}

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
  const even = stack ? aligned(data.series) : data.series;
  const series = (render.kind === 'stacked100' ? shares(even) : even).map((one) => drawn(one, kind, stack));
  const names = data.series.map(({ name }) => name);
  const places = placeAxis(data, render, looks, kind !== 'barchart');
  const values = valueAxis(render, looks, kind !== 'barchart');
  const base = common(looks);
  const marks = { name: '!', type: 'scatter', data: data.anomalies, symbol: 'circle', symbolSize: 11, itemStyle: { color: looks.color('--bad') }, z: 5 };
  return {
    ...base, useUTC: looks.zone === 'utc', legend: legendOf(names, render, looks),
    grid: within(12, names.length > 1 && render.legend !== 'hidden' ? 34 : 12),
    tooltip: { ...(base.tooltip as object), trigger: kind === 'scatterchart' ? 'item' : 'axis', axisPointer: { type: isBars(kind) ? 'shadow' : 'line' } },
    xAxis: kind === 'barchart' ? values : places, yAxis: kind === 'barchart' ? places : values,
    series: data.anomalies.length ? [...series, marks] : series,
  };
}

/** Names stand beside so many slices; a legend has them where there are more. */
const labelledSlices = 8;
const mostSlices = 20;

export interface Slice {
  name: string;
  value: number;
}

/** The largest slices, and one for all that would be too thin to see. */
export function slicesOf(data: ChartData): Slice[] {
  const sums = new Map<string, number>();
  for (const { points } of data.series) for (const [x, y] of points) sums.set(String(x), (sums.get(String(x)) ?? 0) + (y ?? 0));
  const slices = [...sums].map(([name, value]) => ({ name, value }));
  if (slices.length <= mostSlices) return slices;
  slices.sort((a, b) => b.value - a.value);
  const others = slices.slice(mostSlices - 1);
  return [...slices.slice(0, mostSlices - 1), { name: t('logs.otherSlices', { n: others.length }), value: others.reduce((sum, { value }) => sum + value, 0) }];
}

interface Drawn {
  name: string;
  value: number;
  percent?: number;
}

const sliceText = ({ name, value, percent }: Drawn): string => `${oneLine(name)}: ${formatNumber(value)} (${percent}%)`;
const boxText = ({ name, value }: Drawn): string => `${oneLine(name)}\n${formatNumber(value)}`;

function pie(data: ChartData, render: Render, looks: Looks): EChartsCoreOption {
  const slices = slicesOf(data);
  const legend = legendOf(slices.map(({ name }) => name), render, looks);
  const withLegend = legend.show && slices.length > labelledSlices;
  const base = common(looks);
  return {
    ...base, legend: { ...legend, show: withLegend, orient: 'vertical', left: 'auto', right: 8, top: 8, bottom: 8 },
    tooltip: { ...(base.tooltip as object), trigger: 'item', formatter: (one: Drawn) => escaped(sliceText(one)) },
    series: [{
      type: 'pie', radius: ['36%', '66%'], center: [withLegend ? '40%' : '50%', '50%'], data: slices, itemStyle: { borderColor: looks.color('--colorNeutralBackground1'), borderWidth: 1 },
      label: { show: slices.length <= labelledSlices, color: looks.color('--colorNeutralForeground1'), formatter: sliceText, overflow: 'break', bleedMargin: 0, lineHeight: 16 }, labelLine: { show: slices.length <= labelledSlices, length: 8, length2: 8 },
    }],
  };
}

function treemap(data: TreeNode[], looks: Looks): EChartsCoreOption {
  const border = looks.color('--colorNeutralBackground1');
  // Dark text on light boxes and light text on dark ones, whatever the theme.
  const label = { color: looks.dark ? '#1b1b1b' : '#ffffff', lineHeight: 16, formatter: boxText };
  // The name of a group stands above its boxes; of boxes without groups there is nothing above.
  const upperLabel = { show: data.some(({ children }) => children), height: 22, color: looks.color('--colorNeutralForeground1'), formatter: ({ name }: Drawn) => oneLine(name) };
  const levels = [{ upperLabel: { show: false }, itemStyle: { borderColor: border, borderWidth: 0, gapWidth: 4 } }, { upperLabel, itemStyle: { borderColor: border, gapWidth: 2 } }];
  return { ...common(looks), series: [{ type: 'treemap', data, roam: false, nodeClick: false, breadcrumb: { show: false }, left: 0, right: 0, top: 0, bottom: 0, label, upperLabel, levels, itemStyle: { borderColor: border, gapWidth: 2 } }] };
}

const second = 1000;
const steps = [1, 5, 15, 30, 60, 300, 900, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86_400, 7 * 86_400, 30 * 86_400].map((one) => one * second);

/** Whole seconds, minutes, hours or days from before the first time until after the last, in milliseconds. */
export function timeTicks(first: number, last: number, most = 5): { min: number; max: number; interval: number } {
  const interval = steps.find((step) => (last - first) / step <= most) ?? steps.at(-1)! * Math.ceil((last - first) / steps.at(-1)! / most);
  return { min: Math.floor(first / interval) * interval, max: Math.max(Math.ceil(last / interval) * interval, Math.floor(first / interval) * interval + interval), interval };
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (found) => `&#${found.charCodeAt(0)};`);

const barText = ({ label, start, end }: { label: string; start: number; end: number }, time: (value: number) => string): string =>
  [label, `${time(start)} – ${time(end)}`, `${(end - start) / second} s`].map(escaped).join('<br>');

function ladderchart(bars: LadderBar[], looks: Looks): EChartsCoreOption {
  const base = common(looks);
  const ends = bars.reduce(([first, last], { start, end }) => [Math.min(first!, start), Math.max(last!, end)], [Infinity, -Infinity]);
  const ticks = timeTicks(ends[0]!, ends[1]!);
  const time = (value: number) => timeText(new Date(value).toISOString(), looks.zone);
  const axis = axisLooks(looks);
  return {
    ...base, grid: within(12, 12), tooltip: { ...(base.tooltip as object), trigger: 'item' },
    xAxis: { ...axis, type: 'value', ...ticks, axisLabel: { ...axis.axisLabel, formatter: (value: number) => time(value).slice(0, ticks.interval % (60 * second) ? 19 : 16) } },
    yAxis: { ...axis, type: 'category', inverse: true, data: bars.map(({ label }) => label), splitLine: { show: false }, axisLabel: { ...axis.axisLabel, ...labelsBeside(bars.length, looks) } },
    series: [
      { type: 'bar', stack: 'all', silent: true, itemStyle: { color: 'transparent' }, data: bars.map(({ start }) => start) },
      { type: 'bar', stack: 'all', barMaxWidth: 24, data: bars.map(({ start, end }) => Math.max(end - start, 1)), tooltip: { formatter: ({ dataIndex }: { dataIndex: number }) => barText(bars[dataIndex]!, time) } },
    ],
  };
}

export interface Picture {
  series: number;
  cut: Cut | null;
  options: (looks: Looks) => EChartsCoreOption;
}

/** What there is to draw of a result; null where nothing in it can be drawn as that kind. */
export function pictureOf(table: LogTable, kind: ChartKind, render: Render): Picture | null {
  if (kind === 'treemap') {
    const { nodes, cut } = treeOf(table, render);
    return nodes.length ? { series: 1, cut, options: (looks) => treemap(nodes, looks) } : null;
  }
  if (kind === 'ladderchart') {
    const { bars, cut } = ladder(table);
    return bars.length ? { series: 1, cut, options: (looks) => ladderchart(bars, looks) } : null;
  }
  const data = chartData(table, kind, render);
  if (!data) return null;
  if (kind === 'piechart') return { series: 1, cut: null, options: (looks) => pie(data, render, looks) };
  return { series: data.total, cut: data.cut, options: (looks) => withAxes(data, kind, render, looks) };
}
