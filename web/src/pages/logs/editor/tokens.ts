// SPDX-License-Identifier: Apache-2.0
// Colours of a query by its words alone: they are there with the text. The language service colours by meaning once its
// worker has started, over these; so the names here are of the colours that it gives.
import type * as monaco from 'monaco-editor/esm/vs/editor/editor.api';

const keywords = [
  'and', 'or', 'not', 'in', 'between', 'has', 'has_cs', 'has_any', 'has_all', 'hasprefix', 'hassuffix', 'contains', 'contains_cs', 'startswith', 'endswith', 'matches', 'regex',
  'by', 'on', 'with', 'kind', 'asc', 'desc', 'nulls', 'first', 'last', 'from', 'to', 'step', 'of', 'default', 'let', 'set', 'declare', 'true', 'false', 'null', 'typeof', 'dynamic', 'datetime', 'timespan', 'time',
];
const beginnings = ['print', 'range', 'union', 'search', 'find', 'datatable'];

export const tokens: monaco.languages.IMonarchLanguage = {
  keywords, beginnings,
  tokenizer: {
    root: [
      [/\/\/.*$/, 'comment'],
      [/[hH]?@"(?:[^"]|"")*"?/, 'string'],
      [/[hH]?@'(?:[^']|'')*'?/, 'string'],
      [/[hH]?"(?:[^"\\]|\\.)*"?/, 'string'],
      [/[hH]?'(?:[^'\\]|\\.)*'?/, 'string'],
      [/```/, { token: 'string', next: '@fence' }],
      [/~~~/, { token: 'string', next: '@waves' }],
      [/(\|)(\s*)([a-z][\w-]*)/, ['', '', 'operator']],
      [/\d[\w.]*/, 'number'],
      [/[A-Za-z_]\w*(?=\s*\()/, { cases: { '@keywords': 'keyword', '@default': 'function' } }],
      [/!?[A-Za-z_]\w*/, { cases: { '@keywords': 'keyword', '@beginnings': 'operator', '@default': '' } }],
    ],
    fence: [[/[^`]+/, 'string'], [/```/, { token: 'string', next: '@pop' }], [/`/, 'string']],
    waves: [[/[^~]+/, 'string'], [/~~~/, { token: 'string', next: '@pop' }], [/~/, 'string']],
  },
};

const colours = {
  light: { comment: '008000', string: 'b22222', number: 'b22222', keyword: '0000ff', function: '0000ff', operator: 'cc3700', '': '000000' },
  dark: { comment: '86b85a', string: 'ce9178', number: 'ce9178', keyword: '75b9f0', function: 'dcdcaa', operator: '9cdcfe', '': 'd4d4d4' },
};

export const rulesOf = (theme: keyof typeof colours): monaco.editor.ITokenThemeRule[] =>
  Object.entries(colours[theme]).map(([token, foreground]) => ({ token, foreground }));
