// SPDX-License-Identifier: Apache-2.0
// The text of a query with completion and colours. Shift+Enter runs it.
import { useEffect, useImperativeHandle, useRef, type Ref } from 'react';
import type { Metadata, Place } from '../../../api/logs';
import { useDark } from '../../../app/preferences';
import { t } from '../../../i18n/logs';
import { unitColumn, type Problem } from '../problems';
import { modelOf, monaco, setSchema } from './monaco';

export interface EditorHandle {
  insert: (text: string) => void;
  reveal: (place: Place) => void;
  focus: () => void;
  format: () => void;
}

/** Where the cursor is, and what is selected: offsets in the text. */
export interface Cursor {
  at: number;
  from: number;
  to: number;
}

interface Props {
  tab: string;
  value: string;
  onChange: (value: string) => void;
  onCursor: (cursor: Cursor) => void;
  onRun: () => void;
  metadata: Metadata | undefined;
  problems: Problem[];
  handle: Ref<EditorHandle>;
}

type Editor = monaco.editor.IStandaloneCodeEditor;
type Latest = Pick<Props, 'onChange' | 'onCursor' | 'onRun'>;

const owner = 'bulwark';

function makeEditor(box: HTMLElement): Editor {
  return monaco.editor.create(box, {
    model: null, automaticLayout: true, minimap: { enabled: false }, scrollBeyondLastLine: false, fontSize: 13, lineHeight: 20, padding: { top: 8, bottom: 8 },
    lineNumbersMinChars: 3, renderLineHighlight: 'none', overviewRulerLanes: 0, wordWrap: 'on', fixedOverflowWidgets: true, tabSize: 4,
    ariaLabel: t('logs.editor'), placeholder: t('logs.placeholder'), suggest: { showStatusBar: false, localityBonus: false, selectionMode: 'always' }, wordBasedSuggestions: 'off',
    quickSuggestions: true, selectionHighlight: false, accessibilitySupport: 'auto', bracketPairColorization: { enabled: false }, scrollbar: { alwaysConsumeMouseWheel: false },
  });
}

function cursorOf(editor: Editor): Cursor {
  const [model, selection] = [editor.getModel(), editor.getSelection()];
  if (!model || !selection) return { at: 0, from: 0, to: 0 };
  return { at: model.getOffsetAt(selection.getPosition()), from: model.getOffsetAt(selection.getStartPosition()), to: model.getOffsetAt(selection.getEndPosition()) };
}

function useEditor(latest: { current: Latest }) {
  const box = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor>(undefined);
  useEffect(() => {
    const made = makeEditor(box.current!);
    editor.current = made;
    made.addAction({ id: 'bulwark.run', label: t('logs.run'), keybindings: [monaco.KeyMod.Shift | monaco.KeyCode.Enter], run: () => latest.current.onRun() });
    made.onDidChangeModelContent(() => latest.current.onChange(made.getValue()));
    made.onDidChangeCursorSelection(() => latest.current.onCursor(cursorOf(made)));
    return () => made.dispose();
  }, [latest]);
  return { box, editor };
}

/** Tells the language service of the tables. Who typed before it knew them gets the completion then. */
function useSchema(editor: { current: Editor | undefined }, metadata: Metadata | undefined): void {
  useEffect(() => {
    const now = editor.current!;
    let typed = false;
    const typing = now.onDidChangeModelContent(() => {
      typed = true;
    });
    if (metadata)
      void setSchema(now.getModel()!, metadata).then(() => {
        typing.dispose();
        if (typed && now.hasTextFocus()) now.trigger('bulwark', 'editor.action.triggerSuggest', {});
      });
    return () => typing.dispose();
  }, [editor, metadata]);
}

function markerOf(model: monaco.editor.ITextModel, { message, suggestion, start, end }: Problem): monaco.editor.IMarkerData | null {
  if (!start || start.line > model.getLineCount()) return null;
  const column = (place: Place) => unitColumn(model.getLineContent(Math.min(place.line, model.getLineCount())), place.column);
  const startColumn = column(start);
  const word = model.getWordAtPosition({ lineNumber: start.line, column: startColumn });
  const endColumn = end ? column(end) : (word?.endColumn ?? startColumn + 1);
  return {
    severity: monaco.MarkerSeverity.Error, message: suggestion ? t('logs.didYouMean', { message, suggestion }) : message,
    startLineNumber: start.line, startColumn, endLineNumber: end?.line ?? start.line, endColumn,
  };
}

export default function KqlEditor(props: Props) {
  const { tab, value, metadata, problems, handle } = props;
  const latest = useRef<Latest>(props);
  latest.current = props;
  const { box, editor } = useEditor(latest);
  const dark = useDark();
  useEffect(() => monaco.editor.setTheme(dark ? 'bulwark-dark' : 'bulwark-light'), [dark]);
  useEffect(() => {
    const model = modelOf(tab, value);
    editor.current!.setModel(model);
    latest.current.onCursor(cursorOf(editor.current!));
  }, [tab, editor]);
  useEffect(() => {
    // What came from elsewhere than from typing; it can be undone.
    const model = modelOf(tab, value);
    if (model.getValue() !== value) model.pushEditOperations([], [{ range: model.getFullModelRange(), text: value }], () => null);
  }, [tab, value]);
  useSchema(editor, metadata);
  useEffect(() => {
    const model = modelOf(tab, value);
    monaco.editor.setModelMarkers(model, owner, problems.map((problem) => markerOf(model, problem)).filter((marker) => marker !== null));
  }, [tab, problems]);
  useImperativeHandle(handle, () => ({
    insert: (text) => {
      const now = editor.current!;
      now.executeEdits(owner, [{ range: now.getSelection()!, text, forceMoveMarkers: true }]);
      now.focus();
    },
    reveal: (place) => {
      const now = editor.current!;
      const line = Math.min(place.line, now.getModel()!.getLineCount());
      const position = { lineNumber: line, column: unitColumn(now.getModel()!.getLineContent(line), place.column) };
      now.setPosition(position);
      now.revealPositionInCenterIfOutsideViewport(position);
      now.focus();
    },
    focus: () => editor.current!.focus(),
    format: () => void editor.current!.getAction('editor.action.formatDocument')?.run(),
  }), [editor]);
  return <div ref={box} className="kql-editor" />;
}
