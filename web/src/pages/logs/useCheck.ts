// SPDX-License-Identifier: Apache-2.0
// The hub's word on the query that the cursor is in, a moment after typing pauses. What it said last stays in the list until
// it speaks again, so that the page below does not jump at every letter; the marks in the text go at once.
import { useEffect, useState } from 'react';
import { checkQuery } from '../../api/logs';
import type { Block } from './kql';
import { fromDiagnostics, type Problem } from './problems';

const pause = 400;
const none: Problem[] = [];

export function useCheck(tab: string, block: Block | null): { marked: Problem[]; listed: Problem[] } {
  const [checked, setChecked] = useState<{ tab: string; text: string; line: number; problems: Problem[] } | null>(null);
  const text = block?.text ?? '';
  const line = block?.line ?? 1;
  useEffect(() => {
    if (!text) return;
    const controller = new AbortController();
    const timer = setTimeout(() => {
      checkQuery(text, controller.signal).then(
        (diagnostics) => setChecked({ tab, text, line, problems: fromDiagnostics(diagnostics, line) }),
        // Checking is help while typing: that the hub does not answer is told where something was asked for.
        () => undefined,
      );
    }, pause);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [tab, text, line]);
  const listed = checked && text && checked.tab === tab && checked.line === line ? checked.problems : none;
  return { marked: checked?.text === text ? listed : none, listed };
}
