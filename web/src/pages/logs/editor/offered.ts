// SPDX-License-Identifier: Apache-2.0
// What is completed. The language service knows all of Kusto: what the hub refuses by its name is not offered, and the
// marks of its own pages are taken out of what it tells. tests/hub_logs asks a hub about each function and plugin.

/** Functions and plugins, which are listed with the names of their parameters: a column of such a name is not meant. */
const functions = new Set([
  'cluster', 'database', 'entity_group', 'external_table', 'graph', 'materialized_view', 'row_id', 'stored_query_result',
  'ai_chat_completion', 'ai_chat_completion_prompt', 'ai_embed_text', 'ai_embeddings', 'azure_digital_twins_query_request', 'cosmosdb_sql_request', 'csharp',
  'dax_request', 'estimate_rows_count', 'execute_query', 'execute_show_command', 'external_datatable', 'http_request', 'http_request_post', 'identity_v3',
  'infer_storage_schema', 'infer_storage_schema_with_suggestions', 'mysql_request', 'postgresql_request', 'python', 'r', 'sql_request',
]);

const operators = new Set(['externaldata', 'inline_external_table', 'macro-expand']);

interface Item {
  label: string;
  documentation?: unknown;
}

interface List<One extends Item> {
  items: One[];
}

function isOffered({ label }: Item, begins: boolean): boolean {
  const name = /^(\w+)\(/.exec(label)?.[1];
  if (name) return !functions.has(name) && !name.startsWith('__');
  return !operators.has(label) && !(begins && label === 'evaluate');
}

interface Markdown {
  value: string;
}

const isMarkdown = (value: unknown): value is Markdown => typeof (value as Markdown | undefined)?.value === 'string';

/** Without what only the build of the documentation understands. */
const readable = (text: string): string => text.replace(/^[ \t]*\[!!?INCLUDE[^\n]*\n*/gim, '');

function told<One extends Item>(item: One): One {
  return isMarkdown(item.documentation) ? { ...item, documentation: { ...item.documentation, value: readable(item.documentation.value) } } : item;
}

/** A query does not begin with `evaluate`: the plugins that may stand there reach out. */
export function offered<One extends Item>(list: List<One>): List<One> {
  const begins = list.items.some(({ label }) => label === 'print');
  return { ...list, items: list.items.filter((item) => isOffered(item, begins)).map(told) };
}
