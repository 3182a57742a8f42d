/**
 * Mapped rows to staged items. Any row may fill any column; an entity exists where its key is
 * filled; what rows repeat collapses, what they contradict is a problem on the item.
 */

import { CANONICAL_FIELDS, type CanonicalField, ITEM_KINDS, type ItemKind } from '../vocabulary.ts';
import { FIELDS_OF, mentionsOf, type ReadRow } from './entities.ts';
import {
  type Customer,
  collectItems,
  excerpt,
  type Mention,
  type Problem,
  type StagedItem,
} from './items.ts';
import { normaliseKey } from './keys.ts';
import type { Row } from './parse.ts';
import { type CellValue, readCell } from './values.ts';

type Columns = readonly (CanonicalField | undefined)[];
type KnownOrders = ReadonlyMap<string, Customer & { line: number }>;

type Checked = {
  items: StagedItem[];
  /** Problems that no item carries: of rows that made none, or of cells without a home. */
  problems: Problem[];
  /** Rows that made no item. */
  skipped: number;
};

/** Fields that make keys. One that cannot be trusted would tie the row to the wrong papers. */
const KEY_FIELDS: ReadonlySet<CanonicalField> = new Set<CanonicalField>([
  'customer_code',
  'order_number',
  'invoice_number',
  'document_number',
  'tracking_number',
]);

const FIELDS = Object.keys(CANONICAL_FIELDS) as CanonicalField[]; // sound: a const record's keys
const OWNERS = Object.fromEntries(
  FIELDS.map((field) => [field, ITEM_KINDS.filter((kind) => FIELDS_OF[kind].includes(field))]),
) as Record<CanonicalField, ItemKind[]>; // sound: one entry for each field

const NOBODY: Customer = { code: '', key: '' };

/**
 * Stages the rows; `columns` says which field each cell fills.
 *
 * A row without a customer code belongs to the customer that the file gives its order; else, if
 * it names an order, `customerKey` stays empty for the database to resolve; else its items carry
 * `customer_code_missing`. Amounts of credit notes stay as written, positive or negative.
 */
export function check(rows: readonly Row[], columns: Columns): Checked {
  const items = collectItems();
  const problems: Problem[] = [];
  const orders = knownOrders(rows, columns);
  const lines = new Map<string, { count: number; last: number }>();
  let skipped = 0;

  const nextLine = (orderKey: string): number => {
    const { count, last } = lines.get(orderKey) ?? { count: 0, last: 0 };
    let number = Math.max(count, last) + 1;
    while (items.has('order_line', `${orderKey}#${number}`)) number++;
    lines.set(orderKey, { count, last: number });
    return number;
  };
  const countLine = (orderKey: string, key: string): void => {
    if (items.has('order_line', key)) return;
    const { count, last } = lines.get(orderKey) ?? { count: 0, last: 0 };
    lines.set(orderKey, { count: count + 1, last });
  };

  const read = rowReader(columns);
  for (const source of rows) {
    const row = read(source);
    const { line } = row;
    const untrusted = row.bad.filter(({ field }) => field !== undefined && KEY_FIELDS.has(field));
    if (untrusted.length > 0) {
      problems.push(...untrusted);
      skipped++;
      continue;
    }
    const order = row.orderKey === null ? undefined : orders.get(row.orderKey);
    const own = customerIn(row);
    const customer = own ?? order ?? NOBODY;
    const mentions = mentionsOf(row, customer.key, nextLine);
    for (const mention of mentions) {
      if (own !== undefined && order !== undefined && own.key !== order.key) {
        disputeCustomer(mention, own, order.line, line);
      }
      if (customer.key === '' && (mention.kind === 'contact' || mention.orderKey === null)) {
        mention.problems.push({ code: 'customer_code_missing', line });
      }
      if (mention.kind === 'order_line') countLine(mention.orderKey ?? '', mention.key);
      items.add(mention, customer, row.values.order_number ?? '', line);
    }
    if (mentions.length === 0) skipped++;
    problems.push(...homeless(row, mentions));
  }
  return { items: items.finish(), problems, skipped };
}

/** Each order's customer, from the first row that gives both. */
function knownOrders(rows: readonly Row[], columns: Columns): KnownOrders {
  const known = new Map<string, Customer & { line: number }>();
  const customerColumn = columns.indexOf('customer_code');
  const orderColumn = columns.indexOf('order_number');
  for (const { line, cells } of rows) {
    const code = readKey('customer_code', cells[customerColumn]);
    const order = readKey('order_number', cells[orderColumn]);
    if (code === undefined || order === undefined) continue;
    const orderKey = normaliseKey(order);
    if (!known.has(orderKey)) known.set(orderKey, { code, key: normaliseKey(code), line });
  }
  return known;
}

function readKey(field: CanonicalField, cell: string | undefined): string | undefined {
  const read: CellValue = cell ? readFilled(field, cell) : { value: '' };
  return 'value' in read && read.value !== '' ? read.value : undefined;
}

function customerIn({ values }: ReadRow): Customer | undefined {
  const code = values.customer_code;
  return code === undefined ? undefined : { code, key: normaliseKey(code) };
}

/** Reads rows cell by cell. What the row above says too, as most rows do, is not read again. */
function rowReader(columns: Columns): (row: Row) => ReadRow {
  const above = columns.map((): { cell: string; read: CellValue } => ({
    cell: '',
    read: { value: '' },
  }));
  return ({ line, cells }) => {
    const row: ReadRow = { line, values: {}, bad: [], orderKey: null };
    for (let column = 0; column < columns.length; column++) {
      const field = columns[column];
      const cell = cells[column];
      const last = above[column];
      if (field === undefined || cell === undefined || cell === '' || last === undefined) continue;
      if (last.cell !== cell) {
        last.read = readFilled(field, cell);
        last.cell = cell;
      }
      const { read } = last;
      if ('problem' in read)
        row.bad.push({ code: read.problem, line, field, value: excerpt(cell) });
      else if (read.value !== '') row.values[field] = read.value;
    }
    const order = row.values.order_number;
    if (order !== undefined) row.orderKey = normaliseKey(order);
    return row;
  };
}

/** As `readCell`; a key of which nothing is left when normalised counts as blank. */
function readFilled(field: CanonicalField, cell: string): CellValue {
  const read = readCell(field, cell);
  if ('problem' in read || !KEY_FIELDS.has(field)) return read;
  return normaliseKey(read.value) === '' ? { value: '' } : read;
}

/** The wrong customer's paper is the worst mistake there is: everything the row names is held. */
function disputeCustomer(mention: Mention, own: Customer, otherLine: number, line: number): void {
  if (mention.kind === 'customer') return;
  mention.problems.push({
    code: 'contradiction',
    line,
    field: 'customer_code',
    value: own.code,
    otherLine,
  });
}

/** Filled cells of entities that the row gives no key for. Each lack is told once a row. */
function homeless(row: ReadRow, mentions: readonly Mention[]): Problem[] {
  const { line, values, bad } = row;
  const made = new Set<ItemKind>();
  for (const { kind } of mentions) made.add(kind);
  const found: Problem[] = [];
  const visit = (field: CanonicalField, value: string): void => {
    const owners = OWNERS[field];
    if (owners.some((kind) => made.has(kind))) return;
    const code = whyHomeless(field, owners, row.orderKey);
    if (found.some((problem) => problem.code === code)) return;
    found.push({ code, line, field, value: excerpt(value) });
  };
  for (const name in values) {
    const field = name as CanonicalField; // sound: `Values` has no other keys
    visit(field, values[field] ?? '');
  }
  for (const { field, value } of bad) if (field !== undefined) visit(field, value ?? '');
  return found.length === 0 && mentions.length === 0 ? [{ code: 'no_key', line }] : found;
}

function whyHomeless(
  field: CanonicalField,
  owners: readonly ItemKind[],
  orderKey: string | null,
): 'order_missing' | 'customer_code_missing' | 'no_key' {
  if (orderKey !== null) return 'no_key';
  if (owners.includes('order_line') || field === 'tracking_number') return 'order_missing';
  return owners.includes('customer') ? 'customer_code_missing' : 'no_key';
}
