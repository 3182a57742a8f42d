/** Which column is which: the fields by what they are about, and what stands against a choice. */
import { CANONICAL_FIELDS, type CanonicalField } from '../../../../worker/vocabulary.ts';
import { isField } from '../../imports.ts';

export const ENTITIES = [
  'customer',
  'contact',
  'order',
  'line',
  'document',
  'invoice',
  'payment',
  'shipment',
] as const;
export type Entity = (typeof ENTITIES)[number];

/** By a field's name; what fits none is the order's. */
const BY_NAME: readonly [RegExp, Entity][] = [
  [/^customer_/, 'customer'],
  [/^contact_/, 'contact'],
  [/^line_/, 'line'],
  [/^payment_/, 'payment'],
  [/^(carrier|tracking_number|shipped_at|estimated_delivery|event_.*)$/, 'shipment'],
  [/^(document_.*|file_name)$/, 'document'],
  [/^(invoice_.*|due_date|net|tax|total|paid|credited_invoice)$/, 'invoice'],
];

export function entityOf(field: CanonicalField): Entity {
  return BY_NAME.find(([name]) => name.test(field))?.[1] ?? 'order';
}

/** Every field under what it is about, in the order of the vocabulary. */
export function fieldsByEntity(): [Entity, CanonicalField[]][] {
  const all = Object.keys(CANONICAL_FIELDS).filter(isField);
  return ENTITIES.map((entity): [Entity, CanonicalField[]] => [
    entity,
    all.filter((field) => entityOf(field) === entity),
  ]).filter(([, fields]) => fields.length > 0);
}

/**
 * What says which one a row is about; any of them will do. A document may go without a number of
 * its own where the order or the parcel names it.
 */
const KEYS: Record<Entity, readonly string[]> = {
  customer: ['customer_code'],
  contact: ['contact_email'],
  order: ['order_number'],
  line: ['order_number'],
  document: ['document_number', 'invoice_number', 'order_number', 'tracking_number', 'file_name'],
  invoice: ['invoice_number', 'document_number'],
  payment: ['payment_number'],
  shipment: ['tracking_number', 'order_number'],
};
/** One currency serves orders, invoices and payments alike. */
const KEYLESS: ReadonlySet<CanonicalField> = new Set(['currency']);

export type ColumnProblem =
  /** Another column, counted from 0, fills the same field. */
  | { code: 'field_twice'; column: number; other: number }
  /** The field says something of a thing that no column names. */
  | { code: 'key_missing'; column: number; key: CanonicalField };

/** What stands against the fields of the columns, column by column. */
export function columnProblems(fields: readonly (CanonicalField | null)[]): ColumnProblem[] {
  const problems: ColumnProblem[] = [];
  for (const [column, field] of fields.entries()) {
    if (field === null) continue;
    const other = fields.findIndex((found, at) => found === field && at !== column);
    if (other !== -1) {
      problems.push({ code: 'field_twice', column, other });
      continue;
    }
    const keys = KEYS[entityOf(field)];
    const key = keys[0];
    const isNamed = keys.some((name) => fields.some((found) => found === name));
    if (!isNamed && !KEYLESS.has(field) && key !== undefined && isField(key)) {
      problems.push({ code: 'key_missing', column, key });
    }
  }
  return problems;
}

/** One of these at least has to be a column, or the Worker refuses to stage. */
const ROW_KEYS: ReadonlySet<CanonicalField> = new Set<CanonicalField>([
  'customer_code',
  'contact_email',
  'order_number',
  'document_number',
  'invoice_number',
  'payment_number',
]);

/** Whether no column says what a row is about: such a file holds nothing that can be kept. */
export function hasNoKey(fields: readonly (CanonicalField | null)[]): boolean {
  return !fields.some((field) => field !== null && ROW_KEYS.has(field));
}
