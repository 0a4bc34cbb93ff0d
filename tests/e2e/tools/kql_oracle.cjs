// SPDX-License-Identifier: Apache-2.0
// Compares `bulwark query --check` with the language's official parser: the same accept or reject, and for what both accept
// the same columns and types.
//   node kql_oracle.cjs BULWARK SCHEMA.csv DIFFERENCES QUERIES.jsonl…
// Each line of QUERIES has a query; DIFFERENCES has lines "id<TAB>reason" of queries that are not to agree.
const fs = require('fs');
const path = require('path');
const vm = require('vm');
const { spawnSync } = require('child_process');

const [bulwark, schemaFile, differencesFile, ...files] = process.argv.slice(2);
const library = path.join(process.env.BULWARK_NODE_MODULES, '@kusto/language-service-next');
for (const script of ['bridge.js', 'Kusto.Language.Bridge.js'])
  vm.runInThisContext(fs.readFileSync(path.join(library, script), 'utf8'), { filename: script });
const { Language } = globalThis.Kusto;
const { Symbols } = Language;
const types = Object.fromEntries(['Bool', 'Int', 'Long', 'Real', 'Decimal', 'String', 'DateTime', 'TimeSpan', 'Guid', 'Dynamic']
  .map((name) => [name.toLowerCase(), Symbols.ScalarTypes[name]]));

const listOf = (list) => {
  const out = [];
  if (list) for (let i = 0; i < System.Array.getCount(list); i++) out.push(System.Array.getItem(list, i));
  return out;
};

const tables = new Map();
for (const line of fs.readFileSync(schemaFile, 'utf8').trim().split('\n').slice(1)) {
  const [table, column, type] = line.split(',');
  if (!tables.has(table)) tables.set(table, []);
  tables.get(table).push(new Symbols.ColumnSymbol(column, types[type]));
}
const database = new Symbols.DatabaseSymbol.ctor('db', [...tables].map(([name, columns]) => new Symbols.TableSymbol.$ctor4(name, columns)));
const globals = Language.GlobalState.Default.WithDatabase(database);

function theirs(query) {
  const code = Language.KustoCode.ParseAndAnalyze(query, globals);
  const errors = listOf(code.GetDiagnostics()).filter((found) => found.Severity === 'Error').map((found) => found.Message);
  const columns = code.ResultType && code.ResultType.Columns ? listOf(code.ResultType.Columns).map((c) => `${c.Name}:${c.Type.Name}`) : null;
  return { errors, columns };
}

function ours(query) {
  const run = spawnSync(bulwark, ['query', '--check', '--schema', schemaFile, '-o', 'json', '-f', '-'], { input: query, encoding: 'utf8' });
  if (run.status === 2) return { errors: run.stderr.trim().split('\n'), columns: null };
  if (run.status !== 0) throw new Error(`exit ${run.status} for: ${query}\n${run.stderr}`);
  const answer = JSON.parse(run.stdout);
  return { errors: [], columns: answer.moreColumns ? null : answer.columns.map((column) => `${column.name}:${column.type}`) };
}

const known = new Map(fs.readFileSync(differencesFile, 'utf8').split('\n').filter((line) => line && !line.startsWith('#'))
  .map((line) => line.split('\t')));
const met = new Set();
let count = 0;
const wrong = [];
for (const file of files) {
  for (const line of fs.readFileSync(file, 'utf8').split('\n').filter((text) => text.trim())) {
    const { id, query } = JSON.parse(line);
    const official = theirs(query);
    const own = ours(query);
    count += 1;
    const sameVerdict = (official.errors.length === 0) === (own.errors.length === 0);
    const comparable = sameVerdict && own.columns && official.columns && official.errors.length === 0;
    if (sameVerdict && (!comparable || own.columns.join() === official.columns.join())) continue;
    met.add(id);
    if (known.has(id)) continue;
    wrong.push(`${id}: ${query}\n  official: ${official.errors.join(' | ') || official.columns}\n  ours: ${own.errors.join(' | ') || own.columns}`);
  }
}
console.log(`${count} queries, ${count - met.size} agree, ${met.size - wrong.length} differ as ${path.basename(differencesFile)} says, ${wrong.length} differ`);
if (wrong.length > 0) console.log(wrong.join('\n'));
process.exitCode = wrong.length > 0 ? 1 : 0;
