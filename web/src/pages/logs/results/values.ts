// SPDX-License-Identifier: Apache-2.0
// Values of a result: as text, in order, as CSV, and dynamic ones as what they hold.
import type { LogColumn, LogTable, Row } from '../../../api/logs';
import type { Zone } from '../../../app/preferences';
import { asText, choosesColumns, isEmpty, parsedDynamic, plainText } from '../kql';

const numeric = new Set(['int', 'long', 'real', 'decimal']);

export const isNumeric = (type: string): boolean => numeric.has(type);

/** Whether there is something inside of a value to open. */
export function isTree(column: LogColumn, value: unknown): boolean {
  if (column.type !== 'dynamic' && !(typeof value === 'string' && /^\s*[[{]/.test(value))) return false;
  const parsed = parsedDynamic(value);
  return typeof parsed === 'object' && parsed !== null && Object.keys(parsed).length > 0;
}

const pad = (value: number, length = 2): string => String(value).padStart(length, '0');

/** A time to the millisecond, as the user wants times to be. */
export function timeText(value: string, zone: Zone): string {
  const time = new Date(value);
  if (Number.isNaN(time.getTime())) return value;
  if (zone === 'utc') return time.toISOString().replace('T', ' ').replace('Z', '');
  const day = `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())}`;
  return `${day} ${pad(time.getHours())}:${pad(time.getMinutes())}:${pad(time.getSeconds())}.${pad(time.getMilliseconds(), 3)}`;
}

export function valueText(column: LogColumn, value: unknown, zone: Zone): string {
  if (column.type === 'datetime' && typeof value === 'string') return timeText(value, zone);
  return plainText(column.type, value);
}

const ticksPerSecond = 1e7;

/** A time span `[-][d.]hh:mm:ss[.fffffff]` in seconds. */
export function seconds(text: string): number | null {
  const match = /^(-?)(?:(\d+)\.)?(\d{1,2}):(\d\d):(\d\d)(?:\.(\d{1,7}))?$/.exec(text);
  if (!match) return null;
  const [, sign, days = '0', hours, minutes, whole, part = ''] = match;
  const total = Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(whole);
  return (sign ? -1 : 1) * (total + Number(part.padEnd(7, '0')) / ticksPerSecond);
}

type Key = string | number | bigint;

function numberKey(value: unknown): number | bigint {
  if (value === 'NaN') return -Infinity; // before all numbers, as in Kusto
  return typeof value === 'string' && /^-?\d+$/.test(value) ? BigInt(value) : Number(value);
}

function keyOf({ type }: LogColumn, value: unknown): Key {
  if (isNumeric(type) || type === 'bool') return numberKey(value);
  if (type === 'timespan') return seconds(String(value)) ?? 0;
  // Seven digits of a second are more than a date of JavaScript holds: without the Z the texts are in order.
  return type === 'datetime' ? String(value).replace('Z', '') : plainText(type, value);
}

const words = new Intl.Collator('en');
const inOrder = (a: Key, b: Key): number => (a === b ? 0 : a < b ? -1 : 1);
const inAlphabet = (a: Key, b: Key): number => words.compare(String(a), String(b));

/** The rows in the order of a column; empty values stand last whatever the direction. */
export function sortedRows(table: LogTable, at: number, descending: boolean): Row[] {
  const column = table.columns[at];
  if (!column) return table.rows;
  const keyed = table.rows.map((row) => ({ row, empty: isEmpty(row[at]), key: keyOf(column, row[at]) }));
  const turn = descending ? -1 : 1;
  const compare = column.type === 'string' || column.type === 'dynamic' ? inAlphabet : inOrder;
  keyed.sort((a, b) => (a.empty || b.empty ? Number(a.empty) - Number(b.empty) : compare(a.key, b.key) * turn));
  return keyed.map(({ row }) => row);
}

/** The columns in the order in which they are shown: when it was comes first, unless the query has an order of its own. */
export function columnOrder({ columns }: LogTable, query: string): number[] {
  const order = columns.map((_, at) => at);
  const time = columns.findIndex(({ name, type }) => name === 'TimeGenerated' && type === 'datetime');
  return time > 0 && !choosesColumns(query) ? [time, ...order.filter((at) => at !== time)] : order;
}

/** Columns that no row has a value in; of no rows, none. */
export const emptyColumns = ({ columns, rows }: LogTable): number[] =>
  rows.length === 0 ? [] : columns.map((_, at) => at).filter((at) => rows.every((row) => isEmpty(row[at])));

/** What to choose a table by: those of one name, as several statements have them, are numbered. */
export const tableNames = (tables: readonly Pick<LogTable, 'name'>[]): string[] =>
  tables.map(({ name }, at) => (tables.some((other, index) => index !== at && other.name === name) ? `${name} ${at + 1}` : name));

export interface CountedValue {
  value: unknown;
  count: number;
}

/** The values of a column with how often they are there, the most frequent first. */
export function countedValues(table: LogTable, at: number): CountedValue[] {
  const counts = new Map<string, CountedValue>();
  for (const row of table.rows) {
    const value = row[at];
    const key = asText(value);
    const entry = counts.get(key);
    if (entry) entry.count += 1;
    else counts.set(key, { value, count: 1 });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count);
}

// A text that a spreadsheet would take for a formula is not one: rows come from logs, which strangers write.
const cell = (text: string, type: string): string => {
  const safe = type === 'string' || type === 'dynamic' ? text.replace(/^(?=[=+\-@\t\r])/, "'") : text;
  return /[",\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

const separated = ({ columns, rows }: LogTable, separator: string, end: string): string =>
  [
    columns.map(({ name }) => cell(name, 'string')), ...rows.map((row) => columns.map(({ type }, at) => cell(plainText(type, row[at]), type))),
  ].map((cells) => cells.join(separator) + end).join('');

export const toCsv = (table: LogTable): string => separated(table, ',', '\r\n');

/** As spreadsheets take it from the clipboard. */
export const toTsv = (table: LogTable): string => separated(table, '\t', '\n');

export function rowJson({ columns }: LogTable, row: Row): string {
  const entries = columns.map(({ name, type }, at) => [name, type === 'dynamic' ? parsedDynamic(row[at]) : row[at]]);
  return JSON.stringify(Object.fromEntries(entries), null, 2);
}

/** Spreadsheets take text for UTF-8 only where a mark in front says so; without letters beyond ASCII it makes no difference. */
export const marked = (text: string): string => (/[^\0-\x7f]/.test(text) ? `\ufeff${text}` : text);

export function downloadText(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
