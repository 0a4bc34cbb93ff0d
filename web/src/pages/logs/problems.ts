// SPDX-License-Identifier: Apache-2.0
// What is wrong with a query and where, from the hub's check or from the error of a run.
import { ApiError } from '../../api/http';
import type { Diagnostic, Place, QueryError } from '../../api/logs';

export interface Problem {
  message: string;
  suggestion?: string;
  start: Place | null;
  end: Place | null;
}

/** Places as they are counted in the whole text, given the line that the query begins at and what is before it there. */
const moved = (place: Place | null, line: number, indent = 0): Place | null =>
  place && { line: place.line + line - 1, column: place.column + (place.line === 1 ? indent : 0) };

export const fromDiagnostics = (diagnostics: readonly Diagnostic[], line: number): Problem[] =>
  diagnostics.map(({ message, suggestion, start, end }) => ({ message, suggestion, start: moved(start, line), end: moved(end, line) }));

function placeOf({ line, column, pos }: QueryError): Place | null {
  if (!line) return null;
  return { line, column: column ?? (pos ?? 0) + 1 };
}

/** The innermost errors say where; those around them only that something is wrong. */
function innermost(error: QueryError): QueryError[] {
  const inside = [...(error.innererror ? [error.innererror] : []), ...(error.details ?? [])];
  const found = inside.flatMap(innermost).filter(({ message }) => message);
  return found.length ? found : [error];
}

export function fromQueryError(error: QueryError, line: number, indent = 0): Problem[] {
  return innermost(error).map((one) => ({
    message: one.message ?? error.message ?? one.code ?? '', start: moved(placeOf(one), line, indent), end: null,
  }));
}

export function fromFailure(cause: unknown, line: number, indent = 0): Problem[] {
  const body = cause instanceof ApiError ? (cause.body as { error?: QueryError } | null) : null;
  if (body?.error) return fromQueryError(body.error, line, indent);
  return [{ message: cause instanceof Error ? cause.message : String(cause), start: null, end: null }];
}

/** A column counted in code points, as one counted in UTF-16 units, which the editor counts. */
export function unitColumn(line: string, column: number): number {
  let unit = 0;
  for (let point = 1; point < column && unit < line.length; point += 1) unit += line.codePointAt(unit)! > 0xffff ? 2 : 1;
  return unit + 1;
}
