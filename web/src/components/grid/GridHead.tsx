// SPDX-License-Identifier: Apache-2.0
import type { CSSProperties, KeyboardEvent, PointerEvent } from 'react';
import { nextSort, readSort } from '../../app/urlState';
import type { Cell, Column } from './model';

interface Props<Row> {
  columns: Column<Row>[];
  style: CSSProperties;
  sort: string | null;
  onSort: (sort: string) => void;
  active: Cell;
  onActive: (cell: Cell) => void;
}

const leastResized = 60;
const resizeStep = 20;

const widthOf = (element: Element): number => element.closest('[role=columnheader]')!.getBoundingClientRect().width;

/** The right edge of a header: dragged, it changes the width. From the keyboard the header itself does. */
function Edge<Row>({ column }: { column: Column<Row> }) {
  const start = (event: PointerEvent<HTMLSpanElement>) => {
    const edge = event.currentTarget;
    const [from, width] = [event.clientX, widthOf(edge)];
    event.preventDefault();
    edge.setPointerCapture(event.pointerId);
    edge.onpointermove = ({ clientX }) => column.resize!.to(Math.max(leastResized, width + clientX - from));
    edge.onpointerup = edge.onpointercancel = () => {
      edge.onpointermove = null;
    };
  };
  return <span className="column-edge" aria-hidden="true" title={column.resize!.label} onPointerDown={start} onDoubleClick={() => column.resize!.to(null)} />;
}

function resizeByKey<Row>(event: KeyboardEvent<HTMLElement>, column: Column<Row>): void {
  const step = { ArrowLeft: -resizeStep, ArrowRight: resizeStep }[event.key];
  if (!step || !event.altKey || !column.resize) return;
  event.preventDefault();
  event.stopPropagation();
  column.resize.to(Math.max(leastResized, widthOf(event.currentTarget) + step));
}

/** Headers; a sortable one is a button that is the cell's focus. */
export function GridHead<Row>({ columns, style, sort, onSort, active, onActive }: Props<Row>) {
  const sorting = readSort(sort);
  return (
    <div role="rowgroup" className="grid-head" style={{ minWidth: style.minWidth }}>
      <div role="row" aria-rowindex={1} className="grid-row" style={style}>
        {columns.map((column, index) => {
          const sorted = column.sort && sorting?.field === column.sort ? sorting : null;
          const focus = {
            'data-row': -1, 'data-column': index,
            tabIndex: active.row === -1 && active.column === index ? 0 : -1,
            onFocus: () => onActive({ row: -1, column: index }),
          };
          return (
            <div
              key={column.id} role="columnheader" aria-colindex={index + 1} className={column.end ? 'cell end' : 'cell'}
              aria-sort={column.sort ? (sorted ? (sorted.descending ? 'descending' : 'ascending') : 'none') : undefined}
              {...(column.sort ? {} : focus)} onKeyDown={(event) => resizeByKey(event, column)}
            >
              {column.sort ? (
                <button type="button" className="sort" {...focus} onClick={() => onSort(nextSort(sort, column.sort!, column.descendingFirst))}>
                  <span className="sort-text">{column.header}</span>
                  {column.note && <span className="column-note"> {column.note}</span>}
                  <span aria-hidden="true" className="sort-mark">{sorted ? (sorted.descending ? '▼' : '▲') : ''}</span>
                </button>
              ) : <span>{column.header}</span>}
              {column.filter && (
                <button type="button" className="column-filter" tabIndex={-1} aria-label={column.filter.label} title={column.filter.label} onClick={column.filter.open}>
                  <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M2 3h12L9.500 8.500V13l-3 1V8.500z" /></svg>
                </button>
              )}
              {column.resize && <Edge column={column} />}
            </div>
          );
        })}
      </div>
    </div>
  );
}
