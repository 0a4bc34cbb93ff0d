// SPDX-License-Identifier: Apache-2.0
// A result as series of points, as `render` asks for: which column is along the axis, which are drawn, what splits them.
import type { LogColumn, LogTable, Render, Row } from '../../../api/logs';
import { asText, parsedDynamic } from '../kql';
import { isNumeric, seconds } from '../results/values';

export const chartKinds = [
  'timechart', 'linechart', 'areachart', 'stackedareachart', 'columnchart', 'barchart', 'piechart', 'scatterchart',
  'anomalychart', 'treemap', 'ladderchart', 'pivotchart', 'card',
] as const;

export type ChartKind = (typeof chartKinds)[number];

/** The kind that is drawn for a name of `render`; null for a table. */
export function kindOf(name: string | null | undefined): ChartKind | null {
  const lower = (name ?? '').toLowerCase();
  if (lower === 'timepivot') return 'ladderchart';
  return chartKinds.find((kind) => kind === lower) ?? null;
}

/** A kind that `render` knows and the page does not draw; null where it asked for rows. */
export const undrawnKind = (name: string | null | undefined): string | null =>
  (name && kindOf(name) === null && !/^(table|list)$/i.test(name) ? name : null);

/** What suits a result that asks for nothing. */
export function suggestedKind({ columns, rows }: LogTable): ChartKind | null {
  const number = columns.some(({ type }) => isNumeric(type));
  if (!number || rows.length === 0) return null;
  return columns.some(({ type }) => type === 'datetime') && rows.length > 1 ? 'timechart' : 'columnchart';
}

export type Point = [x: string | number, y: number | null];

export interface Series {
  name: string;
  points: Point[];
}

export interface ChartData {
  axis: 'time' | 'value' | 'category';
  x: string;
  y: string;
  series: Series[];
  total: number; // of the series, of which the first are here
  anomalies: Point[];
  cut: Cut | null;
}

/** More than can be seen, and than a page can hold: each bar, dot and box is an element of it. */
export interface Cut {
  shown: number;
  of: number;
}

export const mostSeries = 60;
const mostPlaces = 1000;
const mostDots = 5000;
const mostBoxes = 1000;

/** The first places of bars, and dots from all over; lines are thinned out as they are drawn, and slices are summed up. */
function cutDown(series: Series[], kind: ChartKind): Cut | null {
  if (kind === 'scatterchart') {
    const of = series.reduce((sum, { points }) => sum + points.length, 0);
    const step = Math.ceil(of / mostDots);
    if (step <= 1) return null;
    for (const one of series) one.points = one.points.filter((_, at) => at % step === 0);
    return { shown: series.reduce((sum, { points }) => sum + points.length, 0), of };
  }
  if (kind !== 'columnchart' && kind !== 'barchart' && kind !== 'pivotchart') return null;
  const places = new Set<string | number>();
  for (const { points } of series) for (const [x] of points) places.add(x);
  if (places.size <= mostPlaces) return null;
  const kept = new Set([...places].slice(0, mostPlaces));
  for (const one of series) one.points = one.points.filter(([x]) => kept.has(x));
  return { shown: mostPlaces, of: places.size };
}

export const listed = (value: string | string[] | null | undefined): string[] =>
  (Array.isArray(value) ? value : (value ?? '').split(',')).map((name) => name.trim()).filter(Boolean);

function numberOf(value: unknown): number | null {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'boolean') return Number(value);
  const number = typeof value === 'string' ? (seconds(value) ?? Number(value)) : Number(value);
  return Number.isFinite(number) ? number : null;
}

const looksLikeTime = (value: unknown): boolean => typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value);

/** The type of what a column's arrays hold. */
function elementType(values: unknown): string {
  const first = Array.isArray(values) ? values.find((value) => value !== null) : undefined;
  if (typeof first === 'number') return 'real';
  return looksLikeTime(first) ? 'datetime' : 'string';
}

/** Rows of arrays, as make-series gives them, as one row an element. */
export function expanded(table: LogTable): LogTable {
  const arrays = table.rows.map((row) => table.columns.map(({ type }, at) => (type === 'dynamic' ? parsedDynamic(row[at]) : null)));
  const isArray = table.columns.map((_, at) => arrays.length > 0 && arrays.every((row) => Array.isArray(row[at])));
  if (!isArray.includes(true)) return table;
  const columns = table.columns.map((column, at): LogColumn => (isArray[at] ? { name: column.name, type: elementType(arrays[0]![at]) } : column));
  const rows = table.rows.flatMap((row, index) => {
    const length = Math.max(...arrays[index]!.map((values, at) => (isArray[at] ? (values as unknown[]).length : 0)));
    return Array.from({ length }, (_, element): Row => row.map((value, at) => (isArray[at] ? (arrays[index]![at] as unknown[])[element] ?? null : value)));
  });
  return { name: table.name, columns, rows };
}

interface Roles {
  x: number;
  ys: number[];
  by: number[];
}

const drawable = (type: string): boolean => isNumeric(type) || type === 'timespan';
const splitting = new Set(['string', 'bool', 'guid', 'dynamic']);

function xColumn({ columns }: LogTable, kind: ChartKind, render: Render): number {
  const named = columns.findIndex(({ name }) => name === render.xColumn);
  if (named >= 0) return named;
  const typed = (test: (type: string) => boolean) => columns.findIndex(({ type }) => test(type));
  if (kind === 'scatterchart' && columns.filter(({ type }) => drawable(type)).length > 1 && typed((type) => type === 'datetime') < 0) return typed(drawable);
  const time = typed((type) => type === 'datetime');
  const category = typed((type) => !drawable(type) && type !== 'datetime');
  const categories = kind === 'columnchart' || kind === 'barchart' || kind === 'piechart' || kind === 'pivotchart' || kind === 'treemap';
  const [first, second] = categories ? [category, time] : [time, category];
  if (first >= 0) return first;
  return second >= 0 ? second : 0;
}

export function rolesOf(table: LogTable, kind: ChartKind, render: Render): Roles {
  const { columns } = table;
  const at = (name: string) => columns.findIndex((column) => column.name === name);
  const anomalies = listed(render.anomalyColumns).map(at);
  const x = xColumn(table, kind, render);
  const series = listed(render.series).map(at).filter((index) => index >= 0);
  const named = listed(render.yColumns).map(at).filter((index) => index >= 0 && index !== x);
  const free = columns.map((_, index) => index).filter((index) => index !== x && !series.includes(index) && !anomalies.includes(index));
  const ys = named.length ? named : free.filter((index) => drawable(columns[index]!.type));
  const by = series.length ? series : free.filter((index) => !ys.includes(index) && splitting.has(columns[index]!.type));
  return { x, ys, by };
}

function axisOf({ columns, rows }: LogTable, x: number, kind: ChartKind): ChartData['axis'] {
  const type = columns[x]!.type;
  if (kind === 'columnchart' || kind === 'barchart' || kind === 'piechart' || kind === 'pivotchart') return type === 'datetime' && kind !== 'piechart' ? 'time' : 'category';
  if (type === 'datetime' || looksLikeTime(rows[0]?.[x])) return 'time';
  return drawable(type) ? 'value' : 'category';
}

const along = (axis: ChartData['axis'], value: unknown): string | number => {
  if (axis === 'time') return Date.parse(String(value));
  return axis === 'value' ? (numberOf(value) ?? 0) : asText(value);
};

/** Points along the axis in its order; categories keep the order of the rows. */
function ordered(series: Series[], axis: ChartData['axis']): void {
  if (axis === 'category') return;
  for (const { points } of series) points.sort((a, b) => Number(a[0]) - Number(b[0]));
}

/** One bar a place: what a category has several times adds up. */
function summed(series: Series): void {
  const sums = new Map<string | number, number>();
  for (const [x, y] of series.points) sums.set(x, (sums.get(x) ?? 0) + (y ?? 0));
  series.points = [...sums];
}

function accumulate({ points }: Series): void {
  let sum = 0;
  points.forEach((point) => {
    sum += point[1] ?? 0;
    point[1] = sum;
  });
}

/** Null where nothing in the result can be drawn. */
export function chartData(source: LogTable, kind: ChartKind, render: Render): ChartData | null {
  const table = expanded(source);
  if (table.rows.length === 0 || table.columns.length === 0) return null;
  const { x, ys, by } = rolesOf(table, kind, render);
  if (ys.length === 0) return null;
  const axis = axisOf(table, x, kind);
  const names = new Map<string, Series>();
  for (const row of table.rows)
    for (const y of ys) {
      const split = by.map((column) => asText(row[column])).join(', ');
      const name = ys.length === 1 && split ? split : split ? `${split}: ${table.columns[y]!.name}` : table.columns[y]!.name;
      let series = names.get(name);
      if (!series) names.set(name, (series = { name, points: [] }));
      series.points.push([along(axis, row[x]), numberOf(row[y])]);
    }
  // A pie has no series: it sums up all of them.
  const series = [...names.values()].slice(0, kind === 'piechart' ? names.size : mostSeries);
  if (axis === 'category' && kind !== 'scatterchart') series.forEach(summed);
  ordered(series, axis);
  if (render.accumulate) series.forEach(accumulate);
  const cut = cutDown(series, kind);
  return { axis, x: table.columns[x]!.name, y: ys.length === 1 ? table.columns[ys[0]!]!.name : '', series, total: names.size, anomalies: anomaliesOf(table, render, x, ys[0]!, axis), cut };
}

/** Where a column of anomalies is not 0, at the height of what is drawn. */
function anomaliesOf({ columns, rows }: LogTable, render: Render, x: number, y: number, axis: ChartData['axis']): Point[] {
  const named = listed(render.anomalyColumns).map((name) => columns.findIndex((column) => column.name === name)).filter((at) => at >= 0);
  return rows.flatMap((row) => (named.some((at) => numberOf(row[at])) ? [[along(axis, row[x]), numberOf(row[y])] as Point] : []));
}

export interface LadderBar {
  label: string;
  start: number;
  end: number;
}

/** Bars from a start to an end: the last two columns with times, the others together name the bar. */
export function ladder({ columns, rows }: LogTable): { bars: LadderBar[]; cut: Cut | null } {
  const times = columns.map((_, at) => at).filter((at) => columns[at]!.type === 'datetime').slice(-2);
  if (times.length < 2) return { bars: [], cut: null };
  const bars = rows.map((row) => ({
    label: row.filter((_, at) => !times.includes(at)).map(asText).join(', '),
    start: Date.parse(String(row[times[0]!])), end: Date.parse(String(row[times[1]!])),
  })).filter(({ start, end }) => end >= start);
  return { bars: bars.slice(0, mostPlaces), cut: bars.length > mostPlaces ? { shown: mostPlaces, of: bars.length } : null };
}

export interface TreeNode {
  name: string;
  value: number;
  children?: TreeNode[];
}

interface Branch {
  node: TreeNode;
  inside: Map<string, Branch>;
}

/** Columns of text are the levels, the first number is the size; of very many boxes the largest are kept. */
export function treeOf(table: LogTable, render: Render): { nodes: TreeNode[]; cut: Cut | null } {
  const { columns } = table;
  const sizes = listed(render.yColumns);
  const size = columns.findIndex(({ name, type }) => (sizes.length ? sizes.includes(name) : isNumeric(type)));
  const levels = columns.map((_, at) => at).filter((at) => at !== size && !isNumeric(columns[at]!.type));
  if (size < 0 || levels.length === 0) return { nodes: [], cut: null };
  const root: Branch = { node: { name: '', value: 0, children: [] }, inside: new Map() };
  const leaves: TreeNode[] = [];
  for (const row of table.rows) {
    const value = numberOf(row[size]) ?? 0;
    let branch = root;
    levels.forEach((level, depth) => {
      const name = asText(row[level]);
      let next = branch.inside.get(name);
      if (!next) {
        const leaf = depth === levels.length - 1;
        next = { node: { name, value: 0, ...(leaf ? {} : { children: [] }) }, inside: new Map() };
        branch.inside.set(name, next);
        branch.node.children!.push(next.node);
        if (leaf) leaves.push(next.node);
      }
      next.node.value += value;
      branch = next;
    });
  }
  if (leaves.length <= mostBoxes) return { nodes: root.node.children!, cut: null };
  const kept = new Set([...leaves].sort((a, b) => b.value - a.value).slice(0, mostBoxes));
  return { nodes: pruned(root.node.children!, kept), cut: { shown: mostBoxes, of: leaves.length } };
}

/** Of each branch what is kept of it, and as large as that is. */
const pruned = (nodes: TreeNode[], kept: ReadonlySet<TreeNode>): TreeNode[] => nodes.flatMap((node) => {
  if (!node.children) return kept.has(node) ? [node] : [];
  const children = pruned(node.children, kept);
  return children.length ? [{ name: node.name, value: children.reduce((sum, { value }) => sum + value, 0), children }] : [];
});
