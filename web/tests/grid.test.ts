// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { hiddenColumns } from '../src/components/grid/ColumnsMenu';
import { fitting, leastWidth, move, nearEnd, pageSize, tracks } from '../src/components/grid/model';

const extent = { rows: 100, columns: 5, page: 20 };

describe('keys in the grid', () => {
  it.each([
    ['ArrowDown', false, { row: 11, column: 2 }],
    ['ArrowUp', false, { row: 9, column: 2 }],
    ['ArrowLeft', false, { row: 10, column: 1 }],
    ['ArrowRight', false, { row: 10, column: 3 }],
    ['PageDown', false, { row: 30, column: 2 }],
    ['PageUp', false, { row: 0, column: 2 }],
    ['Home', false, { row: 10, column: 0 }],
    ['End', false, { row: 10, column: 4 }],
    ['Home', true, { row: 0, column: 0 }],
    ['End', true, { row: 99, column: 4 }],
  ])('%s (control: %s) moves to %o', (key, control, expected) => {
    expect(move({ row: 10, column: 2 }, key, control, extent)).toEqual(expected);
  });

  it('stay within the grid; above the first row is the header', () => {
    expect(move({ row: 99, column: 4 }, 'ArrowDown', false, extent)).toEqual({ row: 99, column: 4 });
    expect(move({ row: 0, column: 0 }, 'ArrowUp', false, extent)).toEqual({ row: -1, column: 0 });
    expect(move({ row: -1, column: 0 }, 'ArrowUp', false, extent)).toEqual({ row: -1, column: 0 });
  });

  it('leave other keys to others', () => {
    expect(move({ row: 0, column: 0 }, 'a', false, extent)).toBeNull();
  });
});

describe('columns', () => {
  const columns = [{ width: 100 }, { width: 200, grow: 2 }];

  it('are tracks that grow by their share', () => {
    expect(tracks(columns)).toBe('100px minmax(200px, 2fr)');
    expect(leastWidth(columns)).toBe(300);
  });

  it('are left out where there is no room, the most spare first', () => {
    const wide = [{ id: 'a', width: 100 }, { id: 'b', width: 100, spare: 1 }, { id: 'c', width: 100, spare: 2 }];
    const ids = (room: number) => fitting(wide, room).map(({ id }) => id);
    expect(ids(300)).toEqual(['a', 'b', 'c']);
    expect(ids(299)).toEqual(['a', 'b']);
    expect(ids(50)).toEqual(['a']);
  });

  it('are hidden by default or by the URL', () => {
    const shapes = [{ id: 'a', header: 'A' }, { id: 'b', header: 'B', hidden: true }, { id: 'c', header: 'C' }];
    expect(hiddenColumns(shapes, ['b', 'c'])).toEqual({ a: false, b: false, c: true });
  });
});

describe('pages', () => {
  it('begin short and grow', () => {
    expect(pageSize(0)).toBeLessThan(pageSize(100));
  });

  it('are asked for before the end is seen', () => {
    expect(nearEnd(30, 100)).toBe(false);
    expect(nearEnd(45, 100)).toBe(true);
  });
});
