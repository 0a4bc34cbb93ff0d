// SPDX-License-Identifier: Apache-2.0
// The little that the page itself must know of a query's text: where strings and comments are, which query of several
// is meant, whether it says its own time, and where a condition is added.
import { parseExact } from '../../api/json';

const stringStart = /^(?:h|H)?(@?)(["'])/;

/** The end of the string that begins at `from`, or `from` where none begins. */
function endOfString(text: string, from: number): number {
  const fence = /^(```|~~~)/.exec(text.slice(from, from + 3))?.[1];
  if (fence) {
    const end = text.indexOf(fence, from + 3);
    return end < 0 ? text.length : end + 3;
  }
  const match = stringStart.exec(text.slice(from, from + 3));
  if (!match) return from;
  const [opening, verbatim, quote] = match;
  for (let at = from + opening.length; at < text.length && text[at] !== '\n'; at += 1) {
    if (text[at] === '\\' && !verbatim) at += 1;
    else if (text[at] === quote && verbatim && text[at + 1] === quote) at += 1;
    else if (text[at] === quote) return at + 1;
  }
  const line = text.indexOf('\n', from);
  return line < 0 ? text.length : line;
}

const isWord = (character: string | undefined): boolean => character !== undefined && /\w/.test(character);

/** The text, as long as before, with the inside of strings as `'` and of comments as `/`. */
export function masked(text: string): string {
  let result = '';
  let at = 0;
  while (at < text.length) {
    let end = at;
    let fill = "'";
    if (text.startsWith('//', at)) {
      const line = text.indexOf('\n', at);
      end = line < 0 ? text.length : line;
      fill = '/';
    } else if (!(/[hH]/.test(text[at]!) && isWord(text[at - 1]))) {
      end = endOfString(text, at);
    }
    if (end === at) {
      result += text[at];
      at += 1;
    } else {
      result += fill.repeat(end - at);
      at = end;
    }
  }
  return result;
}

export interface Block {
  text: string;
  start: number; // offset in the whole text
  end: number;
  line: number; // of its first line, from 1
  indent?: number; // characters before it in that line, where it does not begin it
}

const isComment = (mask: string): boolean => mask.split('\n').every((line) => /^\s*(\/.*)?$/.test(line));

/** Whether what follows a blank line still belongs to what is before it: after `;`, before `|`, after comments alone. */
const belongs = (before: string, after: string): boolean =>
  /;[\s/]*$/.test(before) || /^\s*\|/.test(after) || isComment(before);

/** The queries of the text: blank lines are between them. */
export function blocksOf(text: string): Block[] {
  const mask = masked(text);
  const pieces: { start: number; end: number }[] = [];
  for (const match of mask.matchAll(/(?:[^\n]*\S[^\n]*(?:\n|$))+/g)) {
    const start = match.index;
    const end = start + match[0].trimEnd().length;
    const last = pieces.at(-1);
    if (last && belongs(mask.slice(last.start, last.end), mask.slice(start, end))) last.end = end;
    else pieces.push({ start, end });
  }
  return pieces.map(({ start, end }) => ({
    text: text.slice(start, end), start, end, line: text.slice(0, start).split('\n').length,
  }));
}

/** The query that a cursor is in, or the one before it. */
export function blockAt(text: string, offset: number): Block | null {
  const blocks = blocksOf(text);
  return blocks.findLast(({ start }) => start <= offset) ?? blocks[0] ?? null;
}

/** What is selected, as a query by itself; null where that is nothing but space. */
export function selectedBlock(text: string, from: number, to: number): Block | null {
  const selected = text.slice(from, to);
  if (!selected.trim()) return null;
  const start = from + selected.search(/\S/);
  const before = text.slice(0, start).split('\n');
  return { text: selected.trim(), start, end: start + selected.trim().length, line: before.length, indent: [...before.at(-1)!].length };
}

/** Whether a query narrows TimeGenerated itself, so that the time picker has nothing to say. */
export const hasTimeFilter = (query: string): boolean =>
  /\b(?:where|filter)\b[^|;]*\bTimeGenerated\b/i.test(masked(query));

/** Whether a query says itself which columns it gives, and so in which order they stand. */
export const choosesColumns = (query: string): boolean =>
  /(?:^|[|;(])\s*(?:project(?:-keep|-reorder)?|summarize|distinct|evaluate|make-series|top-nested|reduce|getschema|print|range|datatable)\b(?!-)/m.test(masked(query));

export function columnName(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : `['${name.replace(/[\\']/g, (found) => `\\${found}`)}']`;
}

const quoted = (text: string): string =>
  `"${text.replace(/["\\\n\r\t]/g, (found) => ({ '\n': '\\n', '\r': '\\r', '\t': '\\t' })[found] ?? `\\${found}`)}"`;

/** The least number is not the negative of a number. */
const whole = (value: unknown): string => (String(value) === '-9223372036854775808' ? `long(${String(value)})` : String(value));

const written: Record<string, (value: unknown) => string> = {
  bool: String, int: String, long: whole, real: (value) => `real(${String(value)})`, decimal: (value) => `decimal(${String(value)})`,
  datetime: (value) => `datetime(${String(value)})`, timespan: (value) => `timespan(${String(value)})`, guid: (value) => `guid(${String(value)})`,
};

export const literal = (type: string, value: unknown): string => (written[type] ?? ((one) => quoted(plainText(type, one))))(value);

export const asText = (value: unknown): string =>
  value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);

/** What a dynamic value holds: the API sends such values as JSON text. */
export function parsedDynamic(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return parseExact(value);
  } catch {
    return value;
  }
}

/** A value as people write it: a text that is a dynamic value stands without the quotes of its JSON, as `tostring` gives it. */
export function plainText(type: string, value: unknown): string {
  if (type !== 'dynamic' || typeof value !== 'string' || !value.startsWith('"')) return asText(value);
  const parsed = parsedDynamic(value);
  return typeof parsed === 'string' ? parsed : value;
}

export const isEmpty = (value: unknown): boolean => value === null || value === undefined || value === '';

/** The condition that a column has one of the values, or none of them. */
export function condition(column: { name: string; type: string }, values: readonly unknown[], exclude = false): string {
  const name = columnName(column.name);
  const text = column.type === 'string' || column.type === 'dynamic';
  const side = column.type === 'dynamic' ? `tostring(${name})` : name;
  const isNan = (value: unknown) => column.type === 'real' && value === 'NaN';
  const full = values.filter((value) => !isEmpty(value) && !isNan(value)).map((value) => literal(column.type, value));
  const parts: string[] = [];
  if (full.length === 1) parts.push(`${side} ${exclude ? '!=' : '=='} ${full[0]}`);
  if (full.length > 1) parts.push(`${side} ${exclude ? '!in' : 'in'} (${full.join(', ')})`);
  // Not equal to itself; and of null it is not known whether it is a number.
  if (values.some(isNan)) parts.push(exclude ? `(isnull(${name}) or not(isnan(${name})))` : `isnan(${name})`);
  if (values.some(isEmpty)) parts.push(`${exclude ? 'isnot' : 'is'}${text ? 'empty' : 'null'}(${name})`);
  return parts.join(exclude ? ' and ' : ' or ');
}

/** The query with a condition on its result: at the end, but before `render` and a closing `;`. */
export function withCondition(query: string, text: string): string {
  const mask = masked(query);
  const render = /\|\s*render\b[^|;]*;?\s*$/.exec(mask)?.index;
  const closing = /[;\s]*$/.exec(mask)!.index;
  const at = render ?? closing;
  const before = query.slice(0, at).trimEnd();
  const after = query.slice(at).trim();
  // A comment at the end of its line would swallow what follows: that is on a line of its own.
  return `${before}\n| where ${text}${after && after !== ';' ? `\n${after}` : after}`;
}
