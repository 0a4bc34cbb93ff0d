// SPDX-License-Identifier: Apache-2.0
// Monaco with the language service of Kusto, both of which run in workers of our own origin.
// What the editor can do comes before what uses it: services that are registered later are not known to it.
import 'monaco-editor/esm/vs/editor/contrib/bracketMatching/browser/bracketMatching';
import 'monaco-editor/esm/vs/editor/contrib/caretOperations/browser/caretOperations';
import 'monaco-editor/esm/vs/editor/contrib/clipboard/browser/clipboard';
import 'monaco-editor/esm/vs/editor/contrib/comment/browser/comment';
import 'monaco-editor/esm/vs/editor/contrib/find/browser/findController';
import 'monaco-editor/esm/vs/editor/contrib/folding/browser/folding';
import 'monaco-editor/esm/vs/editor/contrib/format/browser/formatActions';
import 'monaco-editor/esm/vs/editor/contrib/hover/browser/hoverContribution';
import 'monaco-editor/esm/vs/editor/contrib/linesOperations/browser/linesOperations';
import 'monaco-editor/esm/vs/editor/contrib/multicursor/browser/multicursor';
import 'monaco-editor/esm/vs/editor/contrib/snippet/browser/snippetController2';
import 'monaco-editor/esm/vs/editor/contrib/suggest/browser/suggestController';
import 'monaco-editor/esm/vs/editor/contrib/toggleTabFocusMode/browser/toggleTabFocusMode';
import 'monaco-editor/esm/vs/editor/contrib/wordOperations/browser/wordOperations';
import 'monaco-editor/esm/vs/editor/contrib/placeholderText/browser/placeholderText.contribution';
import KustoWorker from '@kusto/monaco-kusto/release/esm/kusto.worker?worker';
import { DiagnosticsAdapter } from '@kusto/monaco-kusto/release/esm/languageFeatures';
import { getKustoWorker, kustoDefaults } from '@kusto/monaco-kusto/release/esm/monaco.contribution';
import * as monaco from 'monaco-editor/esm/vs/editor/editor.api';
import EditorWorker from 'monaco-editor/esm/vs/editor/editor.worker?worker';
import type { Metadata } from '../../../api/logs';
import { offered } from './offered';
import { schemaOf } from './schema';
import { rulesOf, tokens } from './tokens';

self.MonacoEnvironment = { getWorker: (_id, label) => (label === 'kusto' ? new KustoWorker() : new EditorWorker()) };

// The language service knows all of Kusto, the hub's engine a part of it: what is wrong with a query is for the hub to say.
// Its own validation would also take the hub's marks away, and has no switch.
(DiagnosticsAdapter.prototype as unknown as { _doValidate: () => void })._doValidate = () => undefined;

kustoDefaults.setLanguageSettings({
  ...kustoDefaults.languageSettings, includeControlCommands: false, newlineAfterPipe: false,
  onDidProvideCompletionItems: (list) => Promise.resolve(list && { ...list, ...offered(list) }),
});

monaco.languages.setMonarchTokensProvider('kusto', tokens);

monaco.editor.defineTheme('bulwark-light', {
  base: 'vs', inherit: true, rules: rulesOf('light'),
  colors: { 'editor.background': '#ffffff', 'editorLineNumber.foreground': '#616161' },
});
monaco.editor.defineTheme('bulwark-dark', {
  base: 'vs-dark', inherit: true, rules: rulesOf('dark'),
  colors: { 'editor.background': '#292929', 'editorLineNumber.foreground': '#adadad', 'editorGutter.background': '#292929', 'editor.selectionHighlightBackground': '#3b82f626' },
});

/** Tells the language service of the tables; the first call starts its worker. */
export async function setSchema(model: monaco.editor.ITextModel, metadata: Metadata): Promise<void> {
  const accessor = await getKustoWorker();
  const worker = await accessor(model.uri);
  await worker.setSchema(schemaOf(metadata));
}

// One model a tab: it keeps what can be undone. The language service still answers for a model that is gone, so they stay.
const models = new Map<string, monaco.editor.ITextModel>();

export function modelOf(tab: string, text: string): monaco.editor.ITextModel {
  let model = models.get(tab);
  if (!model) {
    models.set(tab, (model = monaco.editor.createModel('', 'kusto')));
    model.setValue(text); // after it is made: the language service colours what changes
  }
  return model;
}

export { monaco };
