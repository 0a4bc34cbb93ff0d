// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { ApiError } from '../src/api/http';
import { parseExact } from '../src/api/json';
import { allows } from '../src/api/rights';
import type { LogTable } from '../src/api/logs';
import { aligned, pictureOf, slicesOf, timeTicks, type Looks } from '../src/pages/logs/charts/options';
import { chartData, expanded, kindOf, ladder, suggestedKind, treeOf, undrawnKind } from '../src/pages/logs/charts/data';
import { offered } from '../src/pages/logs/editor/offered';
import { parametersOf, schemaOf } from '../src/pages/logs/editor/schema';
import { byCategory, examplesOf } from '../src/pages/logs/examples';
import { keptQueries, remembered, type PastQuery } from '../src/pages/logs/history';
import { blockAt, blocksOf, columnName, condition, hasTimeFilter, literal, masked, plainText, selectedBlock, withCondition } from '../src/pages/logs/kql';
import { fromLink, openQuery, toLink } from '../src/pages/logs/link';
import { fromDiagnostics, fromFailure, unitColumn } from '../src/pages/logs/problems';
import { columnOrder, countedValues, emptyColumns, isTree, marked, rowJson, seconds, sortedRows, tableNames, timeText, toCsv, toTsv } from '../src/pages/logs/results/values';
import { foundTables } from '../src/pages/logs/TablesPane';
import { fromField, readTimespan, timespanText, toField } from '../src/pages/logs/time';
import { arranged, moved, newPart } from '../src/pages/dashboards/dashboards';
import { inventoryQuery } from '../src/pages/inventory/openQuery';

const table = (columns: [string, string][], rows: unknown[][]): LogTable =>
  ({ name: 'PrimaryResult', columns: columns.map(([name, type]) => ({ name, type })), rows });

describe('what is completed', () => {
  const labels = (items: { label: string }[]) => offered({ items }).items.map(({ label }) => label);

  it('leaves functions and plugins out that the hub refuses, and no column of their name', () => {
    expect(labels([{ label: 'python(OutputSchema, Script)' }, { label: 'pivot(column)' }, { label: '__hash(a)' }, { label: 'r' }, { label: 'database' }])).toEqual(['pivot(column)', 'r', 'database']);
  });

  it('has evaluate behind a table, and not as the first word', () => {
    expect(labels([{ label: 'externaldata' }, { label: 'evaluate' }, { label: 'where' }])).toEqual(['evaluate', 'where']);
    expect(labels([{ label: 'evaluate' }, { label: 'print' }])).toEqual(['print']);
  });

  it('is told without the marks of the documentation', () => {
    const { items } = offered({ items: [{ label: 'take', documentation: { value: 'Returns rows.\n\n[!INCLUDE [note](note.md)]\n\nSyntax' } }] });
    expect(items[0]!.documentation).toEqual({ value: 'Returns rows.\n\nSyntax' });
  });
});

describe('the columns of an answer', () => {
  const log = table([['Computer', 'string'], ['TimeGenerated', 'datetime'], ['Note', 'string']], [['a', '2026-01-01T00:00:00Z', ''], ['b', '2026-01-01T00:00:00Z', '']]);

  it.each([
    ['Log', [1, 0, 2]], ['Log\n| where a == "| project b"\n| take 5', [1, 0, 2]], ['Log | project-away x', [1, 0, 2]],
    ['Log | project Computer, TimeGenerated, Note', [0, 1, 2]], ['Log\n|summarize count() by Computer', [0, 1, 2]], ['print Computer = 1', [0, 1, 2]],
  ])('begin with the time unless the query orders them: %s', (query, order) => {
    expect(columnOrder(log, query)).toEqual(order);
  });

  it('are empty where no row has a value', () => {
    expect(emptyColumns(log)).toEqual([2]);
    expect(emptyColumns({ ...log, rows: [] })).toEqual([]);
  });

  it('are told apart where an answer has several of one name', () => {
    expect(tableNames([{ name: 'PrimaryResult' }, { name: 'errors' }, { name: 'PrimaryResult' }])).toEqual(['PrimaryResult 1', 'errors', 'PrimaryResult 3']);
  });
});

describe('the text of a query', () => {
  it.each([
    ['T | where a == "x|y"', "T | where a == '''''"],
    ["T | where a == @'c:\\' | take 1", "T | where a == '''''' | take 1"],
    ['T // no "string" here\n| take 1', `T ${'/'.repeat(19)}\n| take 1`],
    ['print "a\\"b", 1', "print '''''', 1"],
    ['print h"secret"', "print '''''''''"],
    ['print ```a\n\nb```', `print ${"'".repeat(10)}`],
  ])('has strings and comments masked, as long as before: %s', (text, expected) => {
    expect(masked(text)).toBe(expected);
    expect(masked(text)).toHaveLength(text.length);
  });

  it('is several queries where blank lines are between', () => {
    const text = 'A\n| take 1\n\n\nB | take 2\n';
    expect(blocksOf(text).map(({ text: one, line }) => [one, line])).toEqual([['A\n| take 1', 1], ['B | take 2', 5]]);
  });

  it.each([
    ['let x = 1;\n\nT | take x', 1],
    ['T\n\n| take 1', 1],
    ['// what it is for\n\nT', 1],
    ['print ```a\n\nb```', 1],
    ['let a = 1\n\nT', 2],
  ])('is one where what follows belongs to it: %j', (text, count) => {
    expect(blocksOf(text)).toHaveLength(count);
  });

  it('is what is selected', () => {
    const text = 'A\n| take 1\n\nlet x = 1; B';
    expect(selectedBlock(text, 2, 10)).toMatchObject({ text: '| take 1', line: 2, indent: 0 });
    expect(selectedBlock(text, 22, 24)).toMatchObject({ text: 'B', start: 23, end: 24, line: 4, indent: 11 });
    expect(selectedBlock(text, 10, 12)).toBeNull();
    expect(selectedBlock(text, 3, 3)).toBeNull();
  });

  it('is the one at the cursor', () => {
    const text = 'A\n\nB\n\nC';
    expect([0, 1, 2, 3, 4, 99].map((at) => blockAt(text, at)?.text)).toEqual(['A', 'A', 'A', 'B', 'B', 'C']);
    expect(blockAt(' \n\n', 1)).toBeNull();
    expect(blockAt('\n\nA', 0)?.text).toBe('A');
  });

  it.each([
    ['T | where TimeGenerated > ago(1h)', true],
    ['T | where Level == 1 and TimeGenerated between (ago(1d) .. now())', true],
    ['T | summarize count() by bin(TimeGenerated, 1h)', false],
    ['T // where TimeGenerated > ago(1h)', false],
    ['T | where a == "where TimeGenerated" | project TimeGenerated', false],
  ])('says its own time or not: %s', (query, expected) => expect(hasTimeFilter(query)).toBe(expected));

  it.each([
    ['T\n| take 5', 'T\n| take 5\n| where a == 1'],
    ['T | render timechart', 'T\n| where a == 1\n| render timechart'],
    ['T | where b == "| render x"', 'T | where b == "| render x"\n| where a == 1'],
    ['T;', 'T\n| where a == 1;'],
    ['T // comment', 'T // comment\n| where a == 1'],
    ['let x = 1; T | render piechart with (title="a")', 'let x = 1; T\n| where a == 1\n| render piechart with (title="a")'],
  ])('takes a condition before render and closing: %s', (query, expected) => expect(withCondition(query, 'a == 1')).toBe(expected));
});

describe('conditions', () => {
  const text = { name: 'Level', type: 'string' };
  it('name one value or several, in or out', () => {
    expect(condition(text, ['a'])).toBe('Level == "a"');
    expect(condition(text, ['a', 'b'])).toBe('Level in ("a", "b")');
    expect(condition(text, ['a', 'b'], true)).toBe('Level !in ("a", "b")');
    expect(condition({ name: 'n', type: 'long' }, [3], true)).toBe('n != 3');
  });

  it('know that empty values are asked for otherwise', () => {
    expect(condition(text, [''])).toBe('isempty(Level)');
    expect(condition({ name: 'n', type: 'long' }, [null], true)).toBe('isnotnull(n)');
    expect(condition(text, ['a', ''])).toBe('Level == "a" or isempty(Level)');
    expect(condition(text, ['a', ''], true)).toBe('Level != "a" and isnotempty(Level)');
  });

  it('know the values that no comparison finds', () => {
    const real = { name: 'r', type: 'real' };
    expect(condition(real, ['NaN'])).toBe('isnan(r)');
    expect(condition(real, ['NaN', 1, null])).toBe('r == real(1) or isnan(r) or isnull(r)');
    expect(condition(real, ['NaN'], true)).toBe('(isnull(r) or not(isnan(r)))');
    expect(condition(real, ['Infinity'])).toBe('r == real(Infinity)');
    expect(condition({ name: 'n', type: 'long' }, ['-9223372036854775808'])).toBe('n == long(-9223372036854775808)');
    expect(condition({ name: 'n', type: 'long' }, ['9007199254740993', -1])).toBe('n in (9007199254740993, -1)');
    expect(condition({ name: 'b', type: 'bool' }, [false], true)).toBe('b != false');
  });

  it('compare dynamic values as text', () => {
    expect(condition({ name: 'd', type: 'dynamic' }, ['{"a":1}'])).toBe('tostring(d) == "{\\"a\\":1}"');
  });

  it('write values so that nothing of a row becomes part of the query', () => {
    expect(literal('string', 'a" | union Secrets // \\\n')).toBe('"a\\" | union Secrets // \\\\\\n"');
    expect(literal('datetime', '2026-11-28T12:00:00.1234567Z')).toBe('datetime(2026-11-28T12:00:00.1234567Z)');
    expect(literal('timespan', '1.02:03:04')).toBe('timespan(1.02:03:04)');
    expect(columnName('my column')).toBe("['my column']");
    expect(columnName("it's")).toBe("['it\\'s']");
  });
});

describe('answers', () => {
  it.each([
    ['[9007199254740993,-9223372036854775808]', ['9007199254740993', '-9223372036854775808']],
    ['{"a": 12345678901234567890}', { a: '12345678901234567890' }],
    ['[1000000000000000, 0.12345678901234567, 1234567890123456789.5, 1e+300, -2]', [1_000_000_000_000_000, 0.123_456_789_012_345_67, 1_234_567_890_123_456_789.5, 1e300, -2]],
    ['["id 9007199254740993, \\"9007199254740993\\"",9007199254740993]', ['id 9007199254740993, "9007199254740993"', '9007199254740993']],
    ['9007199254740993', '9007199254740993'],
  ])('keep every digit of a number: %s', (text, expected) => expect(parseExact(text)).toEqual(expected));
});

describe('links', () => {
  it('carry a short query plain and a long one packed, and give both back', async () => {
    expect(await toLink('T | take 1')).toEqual({ q: 'T | take 1', z: null });
    const long = `// ä 😀\n${'T | where Message has "x"\n'.repeat(100)}`;
    const link = await toLink(long);
    expect(link.q).toBeNull();
    expect(link.z!.length).toBeLessThan(200);
    expect(link.z).toMatch(/^[\w-]+$/);
    expect(await fromLink(link)).toBe(long);
  });

  it('that were cut open nothing', async () => {
    const { z } = await toLink('x'.repeat(1000));
    expect(await fromLink({ q: null, z: z!.slice(0, 4) })).toBeNull();
    expect(await fromLink({ q: null, z: '!' })).toBeNull();
    expect(await fromLink({ q: null, z: null })).toBeNull();
  });

  it('that only open say so', () => {
    expect(openQuery('T | take 1', 'P7D')).toBe('/logs?q=T+%7C+take+1&ts=P7D&run=0');
  });
});

describe('time spans', () => {
  it('are durations or intervals, and the default for anything else', () => {
    expect(readTimespan('PT30M')).toBe('PT30M');
    expect(readTimespan('2026-11-01T00:00:00Z/2026-11-02T00:00:00.500Z')).toBe('2026-11-01T00:00:00Z/2026-11-02T00:00:00.500Z');
    for (const bad of [null, '', 'P', 'PT', 'P1Y', '1d', '2026-11-01/2026-11-02']) expect(readTimespan(bad)).toBe('P1D');
  });

  it('are read in words', () => {
    expect(timespanText('PT4H', 'utc')).toBe('Last 4 hours');
    expect(timespanText('2026-11-01T00:00:00Z/2026-11-02T00:00:00Z', 'utc')).toBe('2026-11-01 00:00 UTC – 2026-11-02 00:00 UTC');
  });

  it('come from fields and go back', () => {
    expect(fromField('2026-11-01T10:30', 'utc')).toBe('2026-11-01T10:30:00.000Z');
    expect(fromField('', 'utc')).toBe('');
    expect(toField('2026-11-01T10:30:00Z', 'utc')).toBe('2026-11-01T10:30');
    expect(toField(fromField('2026-11-01T10:30', 'local'), 'local')).toBe('2026-11-01T10:30');
  });
});

describe('problems', () => {
  it('come from the innermost errors, at lines of the whole text', () => {
    const error = { code: 'BadArgumentError', message: 'outer', innererror: { code: 'SemanticError', innererror: { message: 'no column x', line: 2, pos: 7 } } };
    expect(fromFailure(new ApiError(400, 'BadArgumentError', 'outer', null, { error }), 4)).toEqual([{ message: 'no column x', start: { line: 5, column: 8 }, end: null }]);
  });

  it('are where the query begins in its line', () => {
    const error = { details: [{ message: 'a', line: 1, column: 2 }, { message: 'b', line: 2, column: 2 }] };
    expect(fromFailure(new ApiError(400, 'x', 'outer', null, { error }), 3, 10).map(({ start }) => start)).toEqual([{ line: 3, column: 12 }, { line: 4, column: 2 }]);
  });

  it('are several where there are several, and have no place where none is given', () => {
    const error = { message: 'outer', details: [{ message: 'a', line: 1, column: 2 }, { message: 'b' }] };
    expect(fromFailure(new ApiError(400, 'x', 'outer', null, { error }), 1).map(({ message, start }) => [message, start])).toEqual([['a', { line: 1, column: 2 }], ['b', null]]);
    expect(fromFailure(new Error('offline'), 1)).toEqual([{ message: 'offline', start: null, end: null }]);
  });

  it('keep the suggestion of the check', () => {
    const [problem] = fromDiagnostics([{ start: { line: 1, column: 3 }, end: { line: 1, column: 8 }, message: 'm', suggestion: 'where' }], 3);
    expect(problem).toEqual({ message: 'm', suggestion: 'where', start: { line: 3, column: 3 }, end: { line: 3, column: 8 } });
  });

  it('count columns in code points, the editor in UTF-16 units', () => {
    expect(unitColumn('"😀" x', 5)).toBe(6);
    expect(unitColumn('abc', 3)).toBe(3);
    expect(unitColumn('a', 9)).toBe(2);
  });
});

describe('results', () => {
  const rows = table([['Name', 'string'], ['N', 'long'], ['At', 'datetime']], [['b', 10, '2026-01-02T00:00:00Z'], ['a', 9, '2026-01-01T00:00:00Z'], ['', null, null]]);

  it('are sorted by type, with what is empty last', () => {
    expect(sortedRows(rows, 1, false).map((row) => row[1])).toEqual([9, 10, null]);
    expect(sortedRows(rows, 1, true).map((row) => row[1])).toEqual([10, 9, null]);
    expect(sortedRows(rows, 0, false).map((row) => row[0])).toEqual(['a', 'b', '']);
    expect(sortedRows(rows, 9, false)).toBe(rows.rows);
  });

  it.each([
    ['long', ['9007199254740993', 5, '-9007199254740993', '9007199254740995'], ['-9007199254740993', 5, '9007199254740993', '9007199254740995']],
    ['real', [1, 'Infinity', 'NaN', '-Infinity', null], ['NaN', '-Infinity', 1, 'Infinity', null]],
    ['timespan', ['1.00:00:00', '23:00:00', '-00:00:01', '00:00:00.5000000'], ['-00:00:01', '00:00:00.5000000', '23:00:00', '1.00:00:00']],
    ['datetime', ['2026-01-01T00:00:00.1000001Z', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00.1Z'], ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.1Z', '2026-01-01T00:00:00.1000001Z']],
    ['bool', [true, null, false], [false, true, null]],
  ])('have an order of %s', (type, values, expected) => {
    const one = table([['v', type]], values.map((value) => [value]));
    expect(sortedRows(one, 0, false).map(([value]) => value).slice(0, expected.length)).toEqual(expected);
  });

  it('are marked as UTF-8 for spreadsheets where that matters', () => {
    expect(marked('a,b\r\n')).toBe('a,b\r\n');
    expect(marked('ä')).toBe('\ufeffä');
  });

  it('count the values of a column', () => {
    const many = table([['L', 'string']], [['x'], ['y'], ['x'], [null]]);
    expect(countedValues(many, 0)).toEqual([{ value: 'x', count: 2 }, { value: 'y', count: 1 }, { value: null, count: 1 }]);
  });

  it('become CSV in which no text is a formula', () => {
    const csv = toCsv(table([['a,b', 'string'], ['n', 'long']], [['=1+1', -5], ['say "hi"\n', null]]));
    expect(csv).toBe('"a,b",n\r\n\'=1+1,-5\r\n"say ""hi""\n",\r\n');
  });

  it('show texts that are dynamic values without their quotes, and compare them so', () => {
    const dynamic = table([['d', 'dynamic']], [['"say \\"hi\\""'], ['{"a":"b"}'], ['plain']]);
    expect(dynamic.rows.map(([value]) => plainText('dynamic', value))).toEqual(['say "hi"', '{"a":"b"}', 'plain']);
    expect(toTsv(dynamic)).toBe('d\n"say ""hi"""\n"{""a"":""b""}"\nplain\n');
    expect(condition(dynamic.columns[0]!, dynamic.rows[0]!)).toBe('tostring(d) == "say \\"hi\\""');
  });

  it('become lines with tabs for the clipboard', () => {
    expect(toTsv(table([['s', 'string'], ['n', 'long']], [['a\tb', 1], ['=1+1', 2]]))).toBe('s\tn\n"a\tb"\t1\n\'=1+1\t2\n');
  });

  it('become JSON with dynamic values opened', () => {
    const dynamic = table([['d', 'dynamic'], ['s', 'string']], [['{"a":[1]}', '{"b":1}']]);
    expect(JSON.parse(rowJson(dynamic, dynamic.rows[0]!))).toEqual({ d: { a: [1] }, s: '{"b":1}' });
    expect(isTree({ name: 'd', type: 'dynamic' }, '{"a":[1]}')).toBe(true);
    expect(isTree({ name: 'd', type: 'dynamic' }, '"text"')).toBe(false);
    expect(isTree({ name: 's', type: 'string' }, '[]')).toBe(false);
    expect(isTree({ name: 's', type: 'string' }, '{ not json')).toBe(false);
  });

  it('show times to the millisecond', () => {
    expect(timeText('2026-11-28T12:00:00.1234567Z', 'utc')).toBe('2026-11-28 12:00:00.123');
    expect(timeText('never', 'utc')).toBe('never');
  });
});

describe('charts', () => {
  const perHost = table(
    [['TimeGenerated', 'datetime'], ['Computer', 'string'], ['avg_', 'real']],
    [['2026-01-01T01:00:00Z', 'a', 2], ['2026-01-01T00:00:00Z', 'a', 1], ['2026-01-01T00:00:00Z', 'b', 5]],
  );

  it('have one series for each text, in the order of time', () => {
    const data = chartData(perHost, 'timechart', {})!;
    const hour = Date.parse('2026-01-01T00:00:00Z');
    expect(data.axis).toBe('time');
    expect(data.series).toEqual([{ name: 'a', points: [[hour, 1], [hour + 3_600_000, 2]] }, { name: 'b', points: [[hour, 5]] }]);
  });

  it('have one series for each number where there are several', () => {
    const data = chartData(table([['Level', 'string'], ['x', 'long'], ['y', 'long']], [['Error', 1, 2]]), 'columnchart', {})!;
    expect([data.axis, data.series.map(({ name, points }) => [name, points])]).toEqual(['category', [['x', [['Error', 1]]], ['y', [['Error', 2]]]]]);
  });

  it('follow what render names', () => {
    const data = chartData(perHost, 'columnchart', { xColumn: 'Computer', yColumns: 'avg_', series: ['TimeGenerated'], accumulate: false })!;
    expect([data.x, data.y, data.series.length]).toEqual(['Computer', 'avg_', 2]);
    expect(chartData(perHost, 'timechart', { accumulate: true })!.series[0]!.points.map(([, y]) => y)).toEqual([1, 3]);
  });

  it('open the arrays of make-series, and mark anomalies', () => {
    const made = table(
      [['c', 'dynamic'], ['TimeGenerated', 'dynamic'], ['Computer', 'string'], ['flag', 'dynamic']],
      [['[1,20,3]', '["2026-01-01T00:00:00Z","2026-01-01T01:00:00Z","2026-01-01T02:00:00Z"]', 'a', '[0,1,0]']],
    );
    expect(expanded(made).rows).toHaveLength(3);
    const data = chartData(expanded(made), 'anomalychart', { anomalyColumns: 'flag', yColumns: 'c' })!;
    expect(data.series.map(({ points }) => points.map(([, y]) => y))).toEqual([[1, 20, 3]]);
    expect(data.anomalies).toEqual([[Date.parse('2026-01-01T01:00:00Z'), 20]]);
  });

  it('draw two numbers against each other', () => {
    const data = chartData(table([['a', 'long'], ['b', 'long'], ['k', 'string']], [[1, 2, 'x'], [3, 4, 'y']]), 'scatterchart', {})!;
    expect([data.axis, data.series]).toEqual(['value', [{ name: 'x', points: [[1, 2]] }, { name: 'y', points: [[3, 4]] }]]);
  });

  it('are split by what is no number', () => {
    const paid = table([['Day', 'datetime'], ['Paid', 'bool'], ['n', 'long']], [['2026-01-01T00:00:00Z', true, 1], ['2026-01-01T00:00:00Z', false, 2]]);
    expect(chartData(paid, 'timechart', {})!.series.map(({ name, points }) => [name, points.length])).toEqual([['true', 1], ['false', 1]]);
  });

  it('have no more slices than one can tell apart', () => {
    const many = chartData(table([['k', 'string'], ['n', 'long']], Array.from({ length: 30 }, (_, n) => [`k${n}`, n])), 'piechart', {})!;
    const slices = slicesOf(many);
    expect([slices.length, slices[0], slices.at(-1)]).toEqual([20, { name: 'k29', value: 29 }, { name: '11 others', value: 55 }]);
  });

  it('draw no more bars, dots and boxes than a page can hold, and say so', () => {
    const many = table([['k', 'string'], ['n', 'long'], ['m', 'long']], Array.from({ length: 20_000 }, (_, n) => [`k${n % 6000}`, n, n]));
    const columns = chartData(table([['k', 'string'], ['n', 'long']], many.rows.map((row) => [...row])), 'columnchart', {})!;
    expect([columns.cut, columns.series[0]!.points.length]).toEqual([{ shown: 1000, of: 6000 }, 1000]);
    expect(columns.series[0]!.points[0]).toEqual(['k0', 0 + 6000 + 12_000 + 18_000]); // the whole of it
    const dots = chartData(table([['n', 'long'], ['m', 'long']], many.rows.map(([, n, m]) => [n, m])), 'scatterchart', {})!;
    expect([dots.cut, dots.series[0]!.points.at(-1)]).toEqual([{ shown: 5000, of: 20_000 }, [19_996, 19_996]]);
    const boxes = treeOf(many, { yColumns: 'n' });
    expect([boxes.cut, boxes.nodes.length]).toEqual([{ shown: 1000, of: 6000 }, 1000]);
    expect(Math.min(...boxes.nodes.map(({ value }) => value))).toBeGreaterThan(30_000);
    expect(chartData(many, 'timechart', {})!.cut).toBeNull();
    const apart = table([['t', 'datetime'], ['k', 'string'], ['n', 'long']], many.rows.map(([k, n]) => ['2026-01-01T00:00:00Z', k, n]));
    const dotted = chartData(apart, 'scatterchart', {})!; // of more series than are drawn
    expect([dotted.cut, dotted.total, dotted.series.length]).toEqual([null, 6000, 60]);
  });

  it('name as many bars as there is room for', () => {
    const looks: Looks = { dark: false, zone: 'utc', animation: false, label: '', font: '', width: 800, height: 400, color: () => '' };
    const axis = (rows: number, kind: 'columnchart' | 'barchart', width = 800) => {
      const made = table([['k', 'string'], ['n', 'long']], Array.from({ length: rows }, (_, n) => [`a name that is long enough, ${n}`, n]));
      const options = pictureOf(made, kind, {})!.options({ ...looks, width });
      return (kind === 'barchart' ? options.yAxis : options.xAxis) as { axisLabel: { interval?: unknown; formatter: (text: string) => string } };
    };
    const few = axis(4, 'columnchart').axisLabel;
    expect([few.interval, few.formatter('Datei mit Umlauten: Prüfung')]).toEqual([0, 'Datei mit Umlauten: Prüf…']);
    expect(axis(40, 'columnchart').axisLabel.interval).toBeUndefined();
    const beside = axis(40, 'barchart').axisLabel.interval as (at: number) => boolean;
    expect([0, 1, 2, 3].map(beside)).toEqual([true, false, true, false]);
    expect((axis(10, 'barchart').axisLabel.interval as (at: number) => boolean)(1)).toBe(true);
  });

  it('have times that people count in', () => {
    const hour = 3_600_000;
    expect(timeTicks(hour + 1, 4 * hour - 1)).toEqual({ min: hour, max: 4 * hour, interval: hour });
    expect(timeTicks(5000, 5000)).toEqual({ min: 5000, max: 6000, interval: 1000 });
  });

  it('say of what they are none', () => {
    expect(['plotly', 'Table', 'list', 'piechart', null].map(undrawnKind)).toEqual(['plotly', null, null, null, null]);
  });

  it('are none without numbers', () => {
    const texts = table([['a', 'string']], [['x']]);
    expect(chartData(texts, 'timechart', {})).toBeNull();
    expect(suggestedKind(texts)).toBeNull();
    expect(suggestedKind(perHost)).toBe('timechart');
    expect(kindOf('TimeChart')).toBe('timechart');
    expect(kindOf('table')).toBeNull();
  });

  it('stack series that have gaps', () => {
    expect(aligned([{ name: 'a', points: [[2, 1]] }, { name: 'b', points: [[1, 5], [2, 6]] }])).toEqual([
      { name: 'a', points: [[1, 0], [2, 1]] }, { name: 'b', points: [[1, 5], [2, 6]] },
    ]);
  });

  it('read time spans as seconds', () => {
    expect(seconds('1.00:00:01.5')).toBe(86_401.5);
    expect(seconds('-00:01:00')).toBe(-60);
    expect(seconds('soon')).toBeNull();
  });

  it('have bars from start to end, and boxes in levels', () => {
    const jobs = table([['Job', 'string'], ['From', 'datetime'], ['To', 'datetime']], [['scan', '2026-01-01T00:00:00Z', '2026-01-01T01:00:00Z']]);
    expect(ladder(jobs).bars).toEqual([{ label: 'scan', start: Date.parse('2026-01-01T00:00:00Z'), end: Date.parse('2026-01-01T01:00:00Z') }]);
    const sizes = table([['a', 'string'], ['b', 'string'], ['n', 'long']], [['x', 'p', 1], ['x', 'q', 2]]);
    expect(treeOf(sizes, {}).nodes).toEqual([{ name: 'x', value: 3, children: [{ name: 'p', value: 1 }, { name: 'q', value: 2 }] }]);
  });
});

describe('what the editor and its side know', () => {
  it('is the schema with types of the language service', () => {
    const schema = schemaOf({ tables: [{ name: 'T', columns: [{ name: 'At', type: 'datetime' }, { name: 'D', type: 'dynamic' }] }] });
    expect(schema.database!.tables[0]!.columns.map(({ type }) => type)).toEqual(['System.DateTime', 'System.Object']);
    expect(parametersOf('(a:string, n:long = 5)').map(({ name, cslType, cslDefaultValue }) => [name, cslType, cslDefaultValue])).toEqual([['a', 'string', undefined], ['n', 'long', '5']]);
  });

  it('finds tables by name before tables by column', () => {
    const tables = [{ name: 'Alpha', columns: [{ name: 'Beat', type: 'long' }] }, { name: 'Heartbeat', columns: [] }];
    expect(foundTables(tables, 'beat').map(({ name }) => name)).toEqual(['Heartbeat', 'Alpha']);
  });

  it('lists examples by category, and under the tables that they read', () => {
    const queries = [
      { id: '1', body: 'A', related: { tables: ['A'], categories: ['Hosts'] } }, { id: '2', body: 'P' }, { id: '3', body: 'A, B', related: { tables: ['A', 'B'], categories: ['Hosts'] } },
    ];
    expect(byCategory(queries).map(([category, inside]) => [category, inside.length])).toEqual([['Hosts', 2], ['', 1]]);
    expect(examplesOf({ tables: [], queries }, 'B').map(({ id }) => id)).toEqual(['3']);
    expect(examplesOf({ tables: [] }, 'B')).toEqual([]);
  });

  it('remembers each query once, and a hundred of them', () => {
    const past = (query: string) => ({ query, timespan: 'P1D', at: '', ms: 1, rows: 1 });
    let many: PastQuery[] = [];
    for (let n = 0; n < 120; n += 1) many = remembered(many, past(`q${n}`));
    expect([many.length, many[0]?.query]).toEqual([keptQueries, 'q119']);
    expect(remembered(many, past('q50')).filter(({ query }) => query === 'q50')).toHaveLength(1);
  });
});

describe('rights', () => {
  it.each([
    ['*/read', 'Microsoft.Portal/dashboards/write', false],
    ['*', 'Microsoft.Portal/dashboards/write', true],
    ['microsoft.portal/*', 'Microsoft.Portal/dashboards/write', true],
    ['Microsoft.Portal/dashboards/write', 'Microsoft.Portal/dashboards/write/more', false],
  ])('of %s', (pattern, action, expected) => {
    expect(allows([{ actions: [pattern], notActions: [] }], action)).toBe(expected);
    expect(allows([{ actions: [pattern], notActions: ['*/write'] }], action)).toBe(false);
  });
});

describe('dashboards', () => {
  const part = (colSpan: number) => {
    const made = newPart({ title: 't', query: 'q', timespan: 'P1D', visualization: 'table' });
    return { ...made, position: { ...made.position, colSpan } };
  };

  it('place tiles in rows of the grid', () => {
    expect(arranged([part(6), part(6), part(12), part(6)]).map(({ position: { x, y } }) => [x, y])).toEqual([[0, 0], [6, 0], [0, 4], [0, 8]]);
  });

  it('move tiles within the list', () => {
    expect(moved([1, 2, 3], 0, 1)).toEqual([2, 1, 3]);
    expect(moved([1, 2, 3], 2, 9)).toEqual([1, 2, 3]);
  });
});

describe('the inventory as a query', () => {
  it('takes over what the records say', () => {
    expect(inventoryQuery({ status: 'Unhealthy,Healthy', type: 'image', registry: 'contoso', q: 'shop/check' })).toBe([
      'SecurityRecommendation', '| summarize arg_max(TimeGenerated, *) by AssessedResourceId, RecommendationName',
      '| where strcat(AssessedResourceId, "/") contains "/registries/contoso/"', '| where AssessedResourceId matches regex "(?i)(/images/[^/]+)$"',
      '| where url_decode(AssessedResourceId) contains "shop/check"', '| where RecommendationState in ("Unhealthy", "Healthy")',
      '| project AssessedResourceId, RecommendationDisplayName, RecommendationSeverity, RecommendationState, StatusChangeDate', '| order by AssessedResourceId asc',
    ].join('\n'));
  });

  it('asks for findings by what they contain, and tells what it cannot ask', () => {
    const query = inventoryQuery({ contains: 'log4j"', scanState: 'failed' });
    expect(query).toMatch(/^\/\/ Not in these records, so not filtered by: scan state failed\nSecurityNestedRecommendation\n/);
    expect(query).toContain('Id contains "log4j\\"" or VulnerabilityId contains "log4j\\""');
  });
});
