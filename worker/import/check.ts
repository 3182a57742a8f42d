/**
 * Mapped rows to staged items, part by part. Any row may fill any column; an entity exists where
 * its key is filled; what rows repeat collapses, what they contradict is a problem on the item.
 */

import { CANONICAL_FIELDS, type CanonicalField, ITEM_KINDS, type ItemKind } from '../vocabulary.ts';
import { awaitAllocations } from './allocations.ts';
import type { Conventions } from './convention.ts';
import { cellOf, FIELDS_OF, mentionsOf, namesLine, type ReadRow } from './entities.ts';
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
import type { OwnRow } from './parse.ts';
import { KEY_FIELDS, rowReader } from './read-row.ts';
import { isTotals } from './totals.ts';
import { noteUnlikely, type UnlikelyNumber } from './unlikely.ts';
import { awaitSaid } from './unsaid.ts';

type Columns = readonly (CanonicalField | null)[];

/** Where a row stands among its order's lines. */
export type Place = { orderKey: string; number: number };

export type Checked = {
  items: StagedItem[];
  /** Problems that no item carries: of rows that made none, or of cells without a home. */
  problems: Problem[];
  /** Rows that made no item. */
  skipped: number;
  /** Totals, which are no rows. */
  blank: number;
  /** By the line of its row, the number that an order's line was given by its place. */
  places: Map<number, Place>;
};

export type Checker = {
  /** Stages the rows of a part. Those that could not be read, `unread`, only keep their places. */
  check: (rows: readonly OwnRow[], unread: readonly OwnRow[]) => Checked;
  /** What could only be said once all rows were seen. */
  end: () => Checked;
};

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
 * An order's line without a number takes its place among the order's lines in the file, wherever they stand
 * in it. A row that makes no line for a damaged cell keeps the place that it will have once it is mended, so
 * that the lines below it have theirs already. (Of a row with too few or too many cells, its order is the
 * one that stands where orders do.)
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
  const nothing = (): Checked => ({
    items: items.all,
    problems: [],
    skipped: 0,
    blank: 0,
    places: new Map(),
  });
  let checked = nothing();

  const finish = (): Checked => {
    const done = checked;
    position += done.items.length;
    items = collectItems(position);
    checked = nothing();
    return done;
  };

  const placeOf = (orderKey: string, line: number): number => {
    const number = lines.next(orderKey);
    checked.places.set(line, { orderKey, number });
    return number;
  };

  const keepPlace = (row: ReadRow): void => {
    const { orderKey, line } = row;
    if (orderKey === null || !namesLine(row)) return;
    const said = cellOf(row, 'line_number');
    const number = said === undefined ? placeOf(orderKey, line) : Number(row.values.line_number);
    if (!Number.isNaN(number)) lines.take(orderKey, number);
  };

  /** What a row above said of its order's customer, now that one is known or never will be. */
  const settle = (orderKey: string, customer: Customer): void => {
    for (const row of waiting.get(orderKey) ?? []) {
      const mentions = mentionsOf({ ...row, orderKey: null }, customer.key, placeOf);
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
      keepPlace(row);
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
    const mentions = mentionsOf(row, customer.key, placeOf).filter(
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
      const { line_number: number } = mention.fields;
      if (mention.kind === 'order_line' && number !== undefined) {
        lines.take(mention.orderKey ?? '', Number(number));
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
    check(rows, unread) {
      let kept = 0;
      const keepPlacesTo = (line: number): void => {
        for (let row = unread[kept]; row !== undefined && row.line < line; row = unread[++kept]) {
          keepPlace(read(row));
        }
      };
      for (const row of rows) {
        keepPlacesTo(row.line);
        if (isTotals(row.cells, columns)) {
          checked.blank++;
          const value = excerpt(row.cells.find((cell) => cell !== '') ?? '');
          checked.problems.push({ code: 'totals_row', line: row.line, value });
        } else {
          checkRow(read(row));
        }
      }
      keepPlacesTo(Number.POSITIVE_INFINITY);
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
