// SPDX-License-Identifier: Apache-2.0
// The hub's word on the query that the cursor is in, a moment after typing pauses.
import { useEffect, useState } from 'react';
import { checkQuery } from '../../api/logs';
import type { Block } from './kql';
import { fromDiagnostics, type Problem } from './problems';

const pause = 400;
const none: Problem[] = [];

export function useCheck(block: Block | null): Problem[] {
  const [checked, setChecked] = useState<{ text: string; line: number; problems: Problem[] } | null>(null);
  const text = block?.text ?? '';
  const line = block?.line ?? 1;
  useEffect(() => {
    if (!text) return;
    const controller = new AbortController();
    const timer = setTimeout(() => {
      checkQuery(text, controller.signal).then(
        (diagnostics) => setChecked({ text, line, problems: fromDiagnostics(diagnostics, line) }),
        // Checking is help while typing: that the hub does not answer is told where something was asked for.
        () => undefined,
      );
    }, pause);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [text, line]);
  return checked && checked.text === text && checked.line === line ? checked.problems : none;
}
