/**
 * Mapped rows to staged items, part by part. Any row may fill any column; an entity exists where
 * its key is filled; what rows repeat collapses, what they contradict is a problem on the item.
 */

import { CANONICAL_FIELDS, type CanonicalField, ITEM_KINDS, type ItemKind } from '../vocabulary.ts';
import { awaitAllocations } from './allocations.ts';
import type { Conventions } from './convention.ts';
import type { Row } from './csv.ts';
import { FIELDS_OF, mentionsOf, type ReadRow } from './entities.ts';
import {
  type Customer,
  collectItems,
  excerpt,
  type Mention,
  type Problem,
  type StagedItem,
} from './items.ts';
import { normaliseKey, ownText } from './keys.ts';
import { countOrderLines } from './order-lines.ts';
import { isTotals } from './totals.ts';
import { noteUnlikely, type UnlikelyNumber } from './unlikely.ts';
import { awaitSaid } from './unsaid.ts';
import { type CellValue, readCell } from './values.ts';

type Columns = readonly (CanonicalField | null)[];

export type Checked = {
  items: StagedItem[];
  /** Problems that no item carries: of rows that made none, or of cells without a home. */
  problems: Problem[];
  /** Rows that made no item. */
  skipped: number;
  /** Totals, which are no rows. */
  blank: number;
};

export type Checker = {
  /** Stages the rows of a part. */
  check: (rows: readonly Row[]) => Checked;
  /** What could only be said once all rows were seen. */
  end: () => Checked;
};

/** Fields that make keys. One that cannot be trusted would tie the row to the wrong papers. */
const KEY_FIELDS: ReadonlySet<CanonicalField> = new Set<CanonicalField>([
  'customer_code',
  'order_number',
  'invoice_number',
  'document_number',
  'payment_number',
  'tracking_number',
]);

const FIELDS = Object.keys(CANONICAL_FIELDS) as CanonicalField[]; // sound: a const record's keys
const OWNERS = Object.fromEntries(
  FIELDS.map((field) => [field, ITEM_KINDS.filter((kind) => FIELDS_OF[kind].includes(field))]),
) as Record<CanonicalField, ItemKind[]>; // sound: one entry for each field

const NOBODY: Customer = { code: '', key: '' };
const NONE: ReadonlySet<ItemKind> = new Set();
/** Items whose key is their customer's. */
const OF_CUSTOMER: ReadonlySet<ItemKind> = new Set<ItemKind>(['customer', 'contact']);
/** What a row is about before all else. */
const MOST_SPECIFIC = [
  'order_line',
  'document',
  'payment_allocation',
  'payment',
  'invoice',
  'tracking_event',
  'shipment',
  'order',
  'contact',
  'customer',
] as const satisfies readonly ItemKind[];

/**
 * Opens the staging of a file's rows; `columns` says which field each cell fills. What has to be
 * remembered over parts is small: each order's customer and line numbers, and what waits.
 *
 * A row without a customer code belongs to the customer that a row above it gave its order; else,
 * if it names an order, `customerKey` stays empty for the database to resolve; else its items
 * carry `customer_code_missing`. What is keyed by the customer, a contact, waits until a row says
 * whose the order is. Amounts of credit notes stay as written, positive or negative.
 *
 * @param isUnlikely whether a number cannot well be a parcel of the carrier that its row names
 */
export function openChecker(
  columns: Columns,
  conventions: Conventions,
  isUnlikely: UnlikelyNumber = () => false,
): Checker {
  const orders = new Map<string, Customer & { line: number }>();
  const waiting = new Map<string, ReadRow[]>();
  const lines = countOrderLines();
  const unsaid = awaitSaid(columns);
  const allocations = awaitAllocations();
  const read = rowReader(columns, conventions);
  const mayStillSay = columns.includes('customer_code');
  let position = 1;
  let items = collectItems(position);
  let checked: Checked = { items: items.all, problems: [], skipped: 0, blank: 0 };

  const finish = (): Checked => {
    const done = checked;
    position += done.items.length;
    items = collectItems(position);
    checked = { items: items.all, problems: [], skipped: 0, blank: 0 };
    return done;
  };

  /** What a row above said of its order's customer, now that one is known or never will be. */
  const settle = (orderKey: string, customer: Customer): void => {
    for (const row of waiting.get(orderKey) ?? []) {
      const mentions = mentionsOf({ ...row, orderKey: null }, customer.key, lines.next);
      for (const mention of mentions) {
        if (customer.key === '') {
          mention.problems.push({ code: 'customer_code_missing', line: row.line });
        }
        items.add(mention, customer, '', row.line);
      }
      checked.problems.push(...homeless(row, mentions, NONE));
    }
    waiting.delete(orderKey);
  };

  const checkRow = (row: ReadRow): void => {
    const { line, orderKey } = row;
    const own = customerIn(row);
    if (own !== undefined && orderKey !== null && !orders.has(orderKey)) {
      orders.set(orderKey, { ...own, line });
      settle(orderKey, own);
    }
    const untrusted = row.bad.filter(({ field }) => field !== undefined && KEY_FIELDS.has(field));
    if (untrusted.length > 0) {
      checked.problems.push(...untrusted);
      checked.skipped++;
      return;
    }
    const order = orderKey === null ? undefined : orders.get(orderKey);
    const customer = own ?? order ?? NOBODY;
    const waits = mayStillSay && customer.key === '' && orderKey !== null;
    if (waits) {
      const part = partOf(row, OF_CUSTOMER);
      const others = waiting.get(orderKey);
      if (part !== undefined && others !== undefined) others.push(part);
      else if (part !== undefined) waiting.set(orderKey, [part]);
    }
    const mentions = mentionsOf(row, customer.key, lines.next).filter(
      ({ kind }) => !waits || !OF_CUSTOMER.has(kind),
    );
    const made = new Map<ItemKind, StagedItem>();
    for (const mention of mentions) {
      if (own !== undefined && order !== undefined && own.key !== order.key) {
        disputeCustomer(mention, own, order.line, line);
      }
      if (customer.key === '' && (mention.kind === 'contact' || mention.orderKey === null)) {
        mention.problems.push({ code: 'customer_code_missing', line });
      }
      if (mention.kind === 'order_line') {
        lines.take(mention.orderKey ?? '', Number(mention.fields.line_number));
      }
      unsaid.note(mention, line);
      allocations.note(mention, line);
      const item = items.add(mention, customer, row.values.order_number ?? '', line);
      if (mention.kind === 'shipment') noteUnlikely(item, mention.fields, line, isUnlikely);
      made.set(mention.kind, item);
    }
    const about = MOST_SPECIFIC.find((kind) => made.has(kind));
    const item = about && made.get(about);
    if (item === undefined) checked.skipped++;
    else item.rows++;
    checked.problems.push(...homeless(row, mentions, waits ? OF_CUSTOMER : NONE));
  };

  return {
    check(rows) {
      for (const row of rows) {
        if (isTotals(row.cells, columns)) {
          checked.blank++;
          const value = excerpt(row.cells.find((cell) => cell !== '') ?? '');
          checked.problems.push({ code: 'totals_row', line: row.line, value });
        } else {
          checkRow(read(row));
        }
      }
      return finish();
    },
    end() {
      for (const orderKey of [...waiting.keys()]) settle(orderKey, NOBODY);
      for (const { mention, line } of [...unsaid.rest(), ...allocations.rest()]) {
        items.add(mention, NOBODY, '', line);
      }
      return finish();
    },
  };
}

/** What a row says about items of these kinds; undefined if nothing. */
function partOf(row: ReadRow, kinds: ReadonlySet<ItemKind>): ReadRow | undefined {
  const isOf = (field: CanonicalField) => OWNERS[field].some((kind) => kinds.has(kind));
  const part: ReadRow = { line: row.line, values: {}, bad: [], orderKey: row.orderKey };
  for (const name in row.values) {
    const field = name as CanonicalField; // sound: `Values` has no other keys
    const value = row.values[field];
    if (value !== undefined && isOf(field)) part.values[field] = ownText(value);
  }
  part.bad = row.bad.filter(({ field }) => field !== undefined && isOf(field));
  return Object.keys(part.values).length + part.bad.length === 0 ? undefined : part;
}

function customerIn({ values }: ReadRow): Customer | undefined {
  const code = values.customer_code;
  return code === undefined ? undefined : { code, key: normaliseKey(code) };
}

/** Reads rows cell by cell. What the row above says too, as most rows do, is not read again. */
function rowReader(columns: Columns, conventions: Conventions): (row: Row) => ReadRow {
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

/**
 * Filled cells of entities that the row gives no key for, but for the kinds that `wait`. Each lack
 * is told once a row.
 */
function homeless(
  row: ReadRow,
  mentions: readonly Mention[],
  wait: ReadonlySet<ItemKind>,
): Problem[] {
  const { line, values, bad } = row;
  const made = new Set(wait);
  for (const { kind } of mentions) made.add(kind);
  const found: Problem[] = [];
  const visit = (field: CanonicalField, value: string): void => {
    const owners = OWNERS[field];
    if (owners.some((kind) => made.has(kind))) return;
    const code = whyHomeless(owners, row.orderKey);
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
  owners: readonly ItemKind[],
  orderKey: string | null,
): 'order_missing' | 'customer_code_missing' | 'no_key' {
  if (orderKey !== null) return 'no_key';
  if (owners.includes('order_line') || owners.includes('tracking_event')) return 'order_missing';
  return owners.includes('customer') ? 'customer_code_missing' : 'no_key';
}
