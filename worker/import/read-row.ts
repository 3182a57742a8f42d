/** A row's cells, each by its field. */

import type { CanonicalField } from '../vocabulary.ts';
import type { Conventions } from './convention.ts';
import { cellOf, type ReadRow } from './entities.ts';
import { excerpt } from './items.ts';
import { normaliseKey, ownText } from './keys.ts';
import type { OwnRow } from './parse.ts';
import { type CellValue, readCell } from './values.ts';

/** Fields that make keys. One that cannot be trusted would tie the row to the wrong papers. */
export const KEY_FIELDS: ReadonlySet<CanonicalField> = new Set<CanonicalField>([
  'customer_code',
  'order_number',
  'invoice_number',
  'document_number',
  'payment_number',
  'tracking_number',
]);

/** Reads rows cell by cell. What the row above says too, as most rows do, is not read again. */
export function rowReader(
  columns: readonly (CanonicalField | null)[],
  conventions: Conventions,
): (row: OwnRow) => ReadRow {
  const above = columns.map((): { cell: string; read: CellValue } => ({
    cell: '',
    read: { value: '' },
  }));
  return ({ line, cells, place }) => {
    const row: ReadRow = { line, values: {}, bad: [], orderKey: null };
    for (let column = 0; column < columns.length; column++) {
      const field = columns[column];
      const cell = cells[column];
      const last = above[column];
      if (!field || cell === undefined || cell === '' || last === undefined) continue;
      if (last.cell !== cell) {
        last.read = readFilled(field, cell, conventions);
        last.cell = cell;
      }
      const { read } = last;
      if ('problem' in read)
        row.bad.push({ code: read.problem, line, field, value: excerpt(cell) });
      else if (read.value !== '') row.values[field] = read.value;
    }
    if (place !== undefined && cellOf(row, 'line_number') === undefined) {
      const number = readFilled('line_number', place, conventions);
      if ('problem' in number) {
        row.bad.push({ code: number.problem, line, field: 'line_number', value: excerpt(place) });
      } else row.values.line_number = number.value;
    }
    const order = row.values.order_number;
    if (order !== undefined) row.orderKey = normaliseKey(order);
    return row;
  };
}

/** As `readCell`; a key of which nothing is left when normalised counts as blank. */
function readFilled(field: CanonicalField, cell: string, conventions: Conventions): CellValue {
  const read = readCell(field, cell, conventions);
  if ('problem' in read || !KEY_FIELDS.has(field)) return read;
  return { value: normaliseKey(read.value) === '' ? '' : ownText(read.value) };
}
