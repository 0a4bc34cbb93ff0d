// SPDX-License-Identifier: Apache-2.0
// So much of KQL as the stand-in needs: a table and a few operators over it. What it does not know is an error with a place.
import { recordsOf } from './log_data.mjs';

export class QueryProblem extends Error {
  constructor(message, query, at, length = 1, suggestion = '') {
    super(message);
    const before = query.slice(0, at).split('\n');
    this.start = { line: before.length, column: [...before.at(-1)].length + 1 };
    this.end = { line: this.start.line, column: this.start.column + length };
    this.suggestion = suggestion;
  }
}

/** The text between pipes, with where each part begins; strings and comments are left alone. */
function parts(query) {
  const found = [];
  let start = 0;
  const skip = /\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\|/g;
  for (const match of query.matchAll(skip)) {
    if (match[0] !== '|') continue;
    found.push({ text: query.slice(start, match.index), at: start });
    start = match.index + 1;
  }
  found.push({ text: query.slice(start).replace(/;\s*$/, ''), at: start });
  return found.map(({ text, at }) => {
    const clean = text.replace(/\/\/[^\n]*/g, (comment) => ' '.repeat(comment.length));
    const lead = clean.length - clean.trimStart().length;
    return { text: clean.trim(), at: at + lead };
  });
}

const durations = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const span = (text) => Number.parseFloat(text) * durations[text.at(-1)];

function value(text) {
  const literal = text.trim();
  const ago = /^ago\(([\d.]+[smhd])\)$/.exec(literal);
  if (ago) return new Date(Date.now() - span(ago[1])).toISOString();
  const wrapped = /^(?:datetime|real|guid|timespan|decimal)\((.*)\)$/.exec(literal);
  if (wrapped) return Number.isNaN(Number(wrapped[1])) ? wrapped[1] : Number(wrapped[1]);
  if (/^["']/.test(literal)) return JSON.parse(`"${literal.slice(1, -1).replace(/\\'/g, "'")}"`);
  return literal === 'true' ? true : literal === 'false' ? false : Number(literal);
}

const lower = (text) => String(text ?? '').toLowerCase();
const compare = {
  '==': (a, b) => a === b, '!=': (a, b) => a !== b, '>': (a, b) => a > b, '<': (a, b) => a < b, '>=': (a, b) => a >= b, '<=': (a, b) => a <= b,
  has: (a, b) => lower(a).split(/[^a-z0-9]+/).join(' ').includes(lower(b).split(/[^a-z0-9]+/).join(' ')), contains: (a, b) => lower(a).includes(lower(b)),
  startswith: (a, b) => lower(a).startsWith(lower(b)), in: (a, list) => list.includes(a), '!in': (a, list) => !list.includes(a),
};

const known = (table, name, query, at) => {
  if (table.columns.some((column) => column.name === name)) return name;
  const near = table.columns.find((column) => lower(column.name).startsWith(lower(name).slice(0, 4)))?.name ?? '';
  throw new QueryProblem(`The name '${name}' does not refer to any known column`, query, at, name.length, near);
};

function predicate(table, text, query, at) {
  const url = /^(?:url_decode|strcat)\((\w+)(?:, "\/")?\)/.exec(text);
  const match = /^(?:tostring\((\w+)\)|(\w+))\s*(==|!=|>=|<=|>|<|!?in\b|has\b|contains\b|startswith\b|matches regex)\s*([\s\S]+)$/.exec(url ? text.replace(url[0], url[1]) : text);
  if (!match) throw new QueryProblem('This condition is not understood', query, at, text.length);
  const [, wrapped, plain, operator, right] = match;
  const name = known(table, wrapped ?? plain, query, at);
  if (operator === 'matches regex') {
    const pattern = new RegExp(value(right).replace('(?i)', ''), 'i');
    return (row) => pattern.test(row[name]);
  }
  const operand = operator.endsWith('in') ? right.trim().replace(/^\(|\)$/g, '').split(',').map(value) : value(right);
  return (row) => compare[operator](url ? `${decodeURIComponent(row[name])}/` : row[name], operand);
}

function where(table, text, query, at) {
  const either = text.split(/\s+or\s+/).map((one) => one.split(/\s+and\s+/).map((part) => predicate(table, part.trim(), query, at + text.indexOf(part))));
  return { ...table, rows: table.rows.filter((row) => either.some((all) => all.every((test) => test(row)))) };
}

const aggregates = {
  count: (rows) => rows.length, sum: (rows, name) => rows.reduce((sum, row) => sum + row[name], 0), max: (rows, name) => rows.reduce((most, row) => (row[name] > most ? row[name] : most), rows[0][name]),
  avg: (rows, name) => rows.reduce((sum, row) => sum + row[name], 0) / rows.length, dcount: (rows, name) => new Set(rows.map((row) => row[name])).size,
};

const typeOf = (table, name) => table.columns.find((column) => column.name === name)?.type ?? 'string';

function summarize(table, text, query, at) {
  const [left, right = ''] = text.split(/\bby\b/);
  const latest = /^\s*arg_max\((\w+),\s*\*\)/.exec(left);
  const keys = [...right.matchAll(/bin\((\w+),\s*([\d.]+[smhd])\)|(\w+)/g)].map(([, binned, size, name]) => ({ name: known(table, binned ?? name, query, at), size: size && span(size) }));
  const keyOf = ({ name, size }, row) => (size ? new Date(Math.floor(Date.parse(row[name]) / size) * size).toISOString() : row[name]);
  const groups = new Map();
  for (const row of table.rows) {
    const key = keys.map((one) => keyOf(one, row));
    const text = key.join('\0');
    groups.set(text, { key, rows: [...(groups.get(text)?.rows ?? []), row] });
  }
  if (latest) return { columns: table.columns, rows: [...groups.values()].map(({ rows }) => rows.reduce((a, b) => (b[latest[1]] > a[latest[1]] ? b : a))) };
  const wanted = [...left.matchAll(/(?:(\w+)\s*=\s*)?(\w+)\((\w*)\)/g)].map(([whole, name, kind, argument]) => {
    if (!aggregates[kind]) throw new QueryProblem(`'${kind}' is not an aggregate`, query, at + left.indexOf(whole), kind.length, 'count');
    return { name: name ?? (kind === 'count' ? 'count_' : `${kind}_${argument}`), kind, argument };
  });
  const columns = [...keys.map(({ name }) => ({ name, type: typeOf(table, name) })), ...wanted.map(({ name, kind, argument }) => ({ name, type: kind === 'count' || kind === 'dcount' ? 'long' : kind === 'avg' ? 'real' : typeOf(table, argument) }))];
  const rows = [...groups.values()].map(({ key, rows: inside }) => Object.fromEntries([...keys.map(({ name }, index) => [name, key[index]]), ...wanted.map(({ name, kind, argument }) => [name, aggregates[kind](inside, argument)])]));
  return { columns, rows };
}

function order(table, text, query, at) {
  const [, name, direction = 'desc'] = /^by\s+(\w+)(?:\s+(asc|desc))?/.exec(text) ?? [];
  known(table, name ?? '', query, at);
  const turn = direction === 'desc' ? -1 : 1;
  return { ...table, rows: [...table.rows].sort((a, b) => (a[name] < b[name] ? -1 : a[name] > b[name] ? 1 : 0) * turn) };
}

const project = (table, text, query, at) => {
  const names = text.split(',').map((name) => known(table, name.trim(), query, at + text.indexOf(name.trim())));
  return { ...table, columns: names.map((name) => ({ name, type: typeOf(table, name) })) };
};

const take = (table, text) => ({ ...table, rows: table.rows.slice(0, Number(text)) });
const render = (table, text) => {
  const title = /title\s*=\s*"([^"]*)"/.exec(text)?.[1] ?? null;
  return { ...table, render: { visualization: /^\w+/.exec(text)[0], title, kind: /kind\s*=\s*(\w+)/.exec(text)?.[1] ?? null } };
};
const count = (table) => ({ columns: [{ name: 'Count', type: 'long' }], rows: [{ Count: table.rows.length }] });
const operators = { where, filter: where, summarize, order, sort: order, project, take, limit: take, render, count };

function within(timespan) {
  const ends = timespan?.split('/') ?? [];
  const duration = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(timespan ?? '');
  const [from, to] = duration ? [Date.now() - (Number(duration[1] ?? 0) * 1440 + Number(duration[2] ?? 0) * 60 + Number(duration[3] ?? 0)) * 60_000, Infinity] : [Date.parse(ends[0] ?? '1970'), Date.parse(ends[1] ?? '2100')];
  return ({ TimeGenerated }) => Date.parse(TimeGenerated) >= from && Date.parse(TimeGenerated) <= to;
}

/** `search *` gives all of one table, as an answer that was cut. */
export function evaluate(data, query, timespan) {
  const [source, ...steps] = parts(query);
  const cut = source.text === 'search *';
  const named = cut ? 'ContainerInstanceLog_CL' : source.text;
  const table = recordsOf(data, named);
  if (!table) throw new QueryProblem(`The name '${named.slice(0, 60)}' does not refer to any known table`, query, source.at, named.length, 'Heartbeat');
  const read = table.rows.length;
  let now = { ...table, rows: table.rows.filter(within(timespan)) };
  for (const { text, at } of steps) {
    const name = /^\w+/.exec(text)?.[0] ?? '';
    const operator = operators[name];
    if (!operator) throw new QueryProblem(`'${name}' is not a query operator`, query, at, name.length, Object.keys(operators).find((one) => one[0] === name[0]) ?? 'where');
    const rest = text.slice(name.length);
    const lead = rest.length - rest.trimStart().length;
    now = { ...operator(now, rest.trim(), query, at + name.length + lead), ...(now.render ? { render: now.render } : {}) };
  }
  return { columns: now.columns, rows: now.rows.map((row) => now.columns.map(({ name }) => row[name] ?? null)), render: now.render, read, cut };
}
