import { describe, expect, test } from 'vitest';
import { KEY_FIELDS } from '../../../../worker/import/map.ts';
import { CANONICAL_FIELDS } from '../../../../worker/vocabulary.ts';
import { isField } from '../../imports.ts';
import { columnProblems, fieldsByEntity, hasNoKey } from './columns.ts';

describe('which column is which', () => {
  test('every field can be chosen, once', () => {
    const offered = fieldsByEntity().flatMap(([, fields]) => fields);
    expect(offered.toSorted()).toEqual(Object.keys(CANONICAL_FIELDS).toSorted());
  });

  test('two columns for one field are said at both of them', () => {
    expect(columnProblems(['order_number', 'order_date', 'order_number'])).toEqual([
      { code: 'field_twice', column: 0, other: 2 },
      { code: 'field_twice', column: 2, other: 0 },
    ]);
  });

  test('a field of a thing that no column names asks for the column that would', () => {
    expect(columnProblems(['customer_code', 'invoice_date', null])).toEqual([
      { code: 'key_missing', column: 1, key: 'invoice_number' },
    ]);
    expect(columnProblems(['order_number', 'currency', 'document_kind', 'line_total'])).toEqual([]);
  });

  test('a file that names nothing at all is known as one', () => {
    expect(hasNoKey(['customer_name', null, 'file_name', 'tracking_number'])).toBe(true);
    expect(hasNoKey(['customer_name', 'order_number'])).toBe(false);
  });

  test('what says what a row is about is what the Worker asks for', () => {
    const fields = Object.keys(CANONICAL_FIELDS).filter(isField);
    const keys = fields.filter((field) => !hasNoKey([field]));
    expect(keys.toSorted()).toEqual([...KEY_FIELDS].toSorted());
  });
});
