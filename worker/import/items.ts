/** Staged items while they are put together: what rows say about one key, merged. */

import {
  CANONICAL_FIELDS,
  type CanonicalField,
  ITEM_KINDS,
  type ItemKind,
  type ProblemCode,
} from '../vocabulary.ts';
import { normaliseKey } from './keys.ts';

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
  /** Used where no row gives the field itself. */
  defaults?: Values;
  problems: Problem[];
};

export type Customer = { code: string; key: string };

/** What is remembered of the few items that several rows speak of, or that have defaults. */
type Notes = {
  defaults: Values;
  /** Where a field came from, if not from the item's first line. */
  sources: Map<CanonicalField, number>;
};

type Items = {
  add: (mention: Mention, customer: Customer, orderNumber: string, line: number) => void;
  has: (kind: ItemKind, key: string) => boolean;
  finish: () => StagedItem[];
};

// An item with this many problems is beyond reading, and a file must not make lists without end.
const PROBLEMS_PER_ITEM = 50;
const VALUE_CHARACTERS = 100;

/** An empty collection. `finish` gives the items in the order in which the file named them. */
export function collectItems(): Items {
  const items: StagedItem[] = [];
  const notes = new Map<StagedItem, Notes>();
  const byKind = new Map<ItemKind, Map<string, StagedItem>>(
    ITEM_KINDS.map((kind) => [kind, new Map()]),
  );

  const notesOf = (item: StagedItem): Notes => {
    const known = notes.get(item) ?? { defaults: {}, sources: new Map() };
    notes.set(item, known);
    return known;
  };
  const contradict = (item: StagedItem, field: CanonicalField, value: string, line: number) => {
    const otherLine = notes.get(item)?.sources.get(field) ?? item.line;
    addProblem(item, { code: 'contradiction', line, field, value: excerpt(value), otherLine });
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
      notesOf(item).sources.set('customer_code', line);
    } else if (customer.key !== '' && customer.key !== item.customerKey) {
      contradict(item, 'customer_code', customer.code, line);
    }
    if (item.orderKey === null && orderKey !== null) {
      item.orderKey = orderKey;
      notesOf(item).sources.set('order_number', line);
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
        notesOf(item).sources.set(field, line);
      } else if (!isSame(field, known, value)) {
        contradict(item, field, value, line);
      }
    }
  };

  return {
    has: (kind, key) => byKind.get(kind)?.has(key) ?? false,
    add(mention, customer, orderNumber, line) {
      const known = byKind.get(mention.kind)?.get(mention.key);
      const item = known ?? newItem(mention, customer, line, items.length + 1);
      if (known === undefined) {
        items.push(item);
        byKind.get(mention.kind)?.set(mention.key, item);
      } else {
        mergeOwner(item, mention.orderKey, customer, orderNumber, line);
        mergeFields(item, mention.fields, line);
      }
      if (mention.defaults) {
        const own = notesOf(item);
        own.defaults = { ...mention.defaults, ...own.defaults };
      }
      for (const problem of mention.problems) addProblem(item, problem);
    },
    finish() {
      for (const [item, { defaults }] of notes) item.fields = { ...defaults, ...item.fields };
      return items;
    },
  };
}

/** The start of a cell, enough to find it by; a character cut in two would not store as JSON. */
export function excerpt(cell: string): string {
  return cell.slice(0, VALUE_CHARACTERS).toWellFormed();
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
