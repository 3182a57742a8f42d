/** Staged items while they are put together: what rows say about one key, merged. */

import type { ErrorCode } from '../errors.ts';
import {
  CANONICAL_FIELDS,
  type CanonicalField,
  ITEM_KINDS,
  type ItemKind,
  type ProblemCode,
} from '../vocabulary.ts';
import { normaliseKey, ownText } from './keys.ts';

export type Values = Partial<Record<CanonicalField, string>>;

export type Problem = {
  code: ProblemCode;
  /** Physical line of the file, from 1. */
  line: number;
  field?: CanonicalField;
  /** The cell as it stood, cut to 100 characters. */
  value?: string;
  /** The earlier line that says otherwise. */
  otherLine?: number;
};

/** Why a file cannot be read at all. */
export type StageError = {
  error: Extract<
    ErrorCode,
    'csv_empty' | 'csv_binary' | 'csv_not_utf8' | 'csv_no_header' | 'csv_unclosed_quote'
  >;
  /** Physical line of the file, from 1, where one can be named. */
  line?: number;
};

export type StagedItem = {
  kind: ItemKind;
  key: string;
  /** As written; empty where only the order says whose it is. */
  customerCode: string;
  customerKey: string;
  /** The order it belongs to (an order's own key), by normalised number. */
  orderKey: string | null;
  /** First line that named it. */
  line: number;
  /** Its place among the file's items, from 1. */
  position: number;
  /** Rows that are about it before all else: each row counts for one of its items. */
  rows: number;
  /** Canonical text; only what was filled, since a blank never clears. */
  fields: Values;
  problems: Problem[];
};

/** What one row says about one item. */
export type Mention = {
  kind: ItemKind;
  key: string;
  orderKey: string | null;
  fields: Values;
  /** What holds where no row of the file gives the field itself. */
  defaults?: Values;
  problems: Problem[];
};

export type Customer = { code: string; key: string };

/** For the few items that several rows speak of: where a field came from, if not from the first. */
type Sources = Map<CanonicalField, number>;

type Items = {
  /** The item, with what this row adds to it. Its `defaults` are the caller's to see to. */
  add: (mention: Mention, customer: Customer, orderNumber: string, line: number) => StagedItem;
  /** In the order in which they were first named. */
  all: StagedItem[];
};

// An item with this many problems is beyond reading, and a file must not make lists without end.
const PROBLEMS_PER_ITEM = 50;
const VALUE_CHARACTERS = 100;

/** An empty collection, of items whose positions begin at `first`. */
export function collectItems(first: number): Items {
  const items: StagedItem[] = [];
  const notes = new Map<StagedItem, Sources>();
  const byKind = new Map<ItemKind, Map<string, StagedItem>>(
    ITEM_KINDS.map((kind) => [kind, new Map()]),
  );

  const sourcesOf = (item: StagedItem): Sources => {
    const known = notes.get(item) ?? new Map();
    notes.set(item, known);
    return known;
  };
  const contradict = (item: StagedItem, field: CanonicalField, value: string, line: number) => {
    const otherLine = notes.get(item)?.get(field) ?? item.line;
    // Only an invoice's key says nothing of its kind: these are two papers.
    const code = field === 'document_kind' ? 'number_of_two_kinds' : 'contradiction';
    addProblem(item, { code, line, field, value: excerpt(value), otherLine });
  };

  const mergeOwner = (
    item: StagedItem,
    orderKey: string | null,
    customer: Customer,
    orderNumber: string,
    line: number,
  ): void => {
    if (item.customerKey === '' && customer.key !== '') {
      item.customerKey = customer.key;
      item.customerCode = customer.code;
      sourcesOf(item).set('customer_code', line);
    } else if (customer.key !== '' && customer.key !== item.customerKey) {
      contradict(item, 'customer_code', customer.code, line);
    }
    if (item.orderKey === null && orderKey !== null) {
      item.orderKey = orderKey;
      sourcesOf(item).set('order_number', line);
    } else if (orderKey !== null && orderKey !== item.orderKey) {
      contradict(item, 'order_number', orderNumber, line);
    }
  };

  const mergeFields = (item: StagedItem, fields: Values, line: number): void => {
    for (const name in fields) {
      const field = name as CanonicalField; // sound: `Values` has no other keys
      const value = fields[field];
      const known = item.fields[field];
      if (value === undefined || value === known) continue;
      if (known === undefined) {
        item.fields[field] = value;
        sourcesOf(item).set(field, line);
      } else if (!isSame(field, known, value)) {
        contradict(item, field, value, line);
      }
    }
  };

  return {
    all: items,
    add(mention, customer, orderNumber, line) {
      const known = byKind.get(mention.kind)?.get(mention.key);
      const item = known ?? newItem(mention, customer, line, first + items.length);
      if (known === undefined) {
        items.push(item);
        byKind.get(mention.kind)?.set(mention.key, item);
      } else {
        mergeOwner(item, mention.orderKey, customer, orderNumber, line);
        mergeFields(item, mention.fields, line);
      }
      for (const problem of mention.problems) addProblem(item, problem);
      return item;
    },
  };
}

/** The start of a cell, enough to find it by; a character cut in two would not store as JSON. */
export function excerpt(cell: string): string {
  return ownText(cell.slice(0, VALUE_CHARACTERS).toWellFormed());
}

function newItem(mention: Mention, customer: Customer, line: number, position: number): StagedItem {
  return {
    kind: mention.kind,
    key: mention.key,
    customerCode: customer.code,
    customerKey: customer.key,
    orderKey: mention.orderKey,
    line,
    position,
    rows: 0,
    fields: mention.fields,
    problems: [],
  };
}

/** Numbers and file names are compared as they are looked up; the first way of writing stays. */
function isSame(field: CanonicalField, one: string, other: string): boolean {
  if (field === 'file_name') return one.toLowerCase() === other.toLowerCase();
  return CANONICAL_FIELDS[field] === 'identifier' && normaliseKey(one) === normaliseKey(other);
}

function addProblem(item: StagedItem, problem: Problem): void {
  if (item.problems.length >= PROBLEMS_PER_ITEM) return;
  const repeats = item.problems.some(
    (known) =>
      known.code === problem.code && known.field === problem.field && known.value === problem.value,
  );
  if (!repeats) item.problems.push(problem);
}
