// SPDX-License-Identifier: Apache-2.0
// Filtering, sorting and paging as the hub does it, over arrays.

const ranks = { Unknown: 0, Low: 1, Medium: 2, High: 3, Critical: 4 };

function valueOf(row, field) {
  if (field === 'id' && /^\d+(\.\d+)+$/.test(row.id)) return row.id.split('.').map((part) => part.padStart(3, '0')).join('.');
  if (field === 'severity') return ranks[row.severity];
  if (field === 'counts') return row.counts.critical * 1e9 + row.counts.high * 1e6 + row.counts.medium * 1e3 + row.counts.low;
  if (field === 'fixable') return row.counts.fixable;
  const value = row[field];
  return Array.isArray(value) ? value.join(',') : (value ?? '');
}

function sorted(rows, sort) {
  if (!sort) return rows;
  const descending = sort.startsWith('-');
  const field = descending ? sort.slice(1) : sort;
  const order = rows.map((row, index) => ({ row, index, value: valueOf(row, field) }));
  order.sort((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0) * (descending ? -1 : 1) || a.index - b.index);
  return order.map(({ row }) => row);
}

const cell = (value) => {
  const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

function csv(rows) {
  const names = Object.keys(rows[0] ?? { empty: '' });
  return [names.join(','), ...rows.map((row) => names.map((name) => cell(row[name])).join(','))].join('\r\n');
}

export const has = (params, name) => (params.get(name) ?? '') !== '';

/** Whether a row's field is one of the comma-separated values of the parameter of the same name. */
export const oneOf = (params, name) => {
  if (!has(params, name)) return () => true;
  const wanted = new Set(params.get(name).split(','));
  return (row) => wanted.has(String(row[name]));
};

export function withWords(params, textOf) {
  const words = (params.get('q') ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  return (row) => words.every((word) => textOf(row).toLowerCase().includes(word));
}

let kept = { key: '', rows: [] };

/** key names the filtered list, so that pages of one request sort once. */
export function page(key, params, make) {
  const whole = new URLSearchParams(params);
  ['top', 'cursor'].forEach((name) => whole.delete(name));
  const full = `${key}?${whole}`;
  if (kept.key !== full) kept = { key: full, rows: sorted(make(), params.get('sort')) };
  const { rows } = kept;
  kept = key.startsWith('/api/v1/findings') ? kept : { key: '', rows: [] };
  if (params.get('format') === 'csv') return { csv: csv(rows) };
  const from = Number(params.get('cursor') ?? 0);
  const top = Math.min(1000, Number(params.get('top') ?? 50));
  const next = from + top < rows.length ? String(from + top) : null;
  return { body: { value: rows.slice(from, from + top), total: rows.length, next } };
}
