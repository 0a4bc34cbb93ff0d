// SPDX-License-Identifier: Apache-2.0
import { memo, type CSSProperties, type MouseEvent } from 'react';
import type { Cell, Column } from './model';

interface Props<Row> {
  row: Row;
  rowId: string;
  index: number;
  top: number;
  columns: Column<Row>[];
  style: CSSProperties;
  activeColumn: number;
  open: boolean;
  onOpen?: (row: Row) => void;
  onActive: (cell: Cell) => void;
}

/** Clicks on what acts by itself are not clicks on the row. */
const actsItself = (target: EventTarget): boolean =>
  target instanceof Element && target.closest('a, button, input, label') !== null;

function GridRowView<Row>(props: Props<Row>) {
  const { row, rowId, index, top, columns, style, activeColumn, open, onOpen, onActive } = props;
  const onClick = (event: MouseEvent) => {
    if (onOpen && !actsItself(event.target) && !window.getSelection()?.toString()) onOpen(row);
  };
  return (
    <div
      role="row" aria-rowindex={index + 2} aria-selected={open || undefined} data-row-id={rowId}
      className={`grid-row body${open ? ' open' : ''}${onOpen ? ' opens' : ''}`}
      style={{ ...style, transform: `translateY(${top}px)` }} onClick={onClick}
    >
      {columns.map((column, position) => (
        <div
          key={column.id} role="gridcell" aria-colindex={position + 1} className={column.end ? 'cell end' : 'cell'}
          data-row={index} data-column={position} tabIndex={activeColumn === position ? 0 : -1}
          onFocus={() => onActive({ row: index, column: position })}
        >
          {column.render(row)}
        </div>
      ))}
    </div>
  );
}

export const GridRow = memo(GridRowView) as typeof GridRowView;
