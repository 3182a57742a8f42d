/** An index CSV, from bytes to staged items: decode, parse, map, check. */

import { openChecker, type Place } from './check.ts';
import type { Row } from './csv.ts';
import { openDecoder } from './decode.ts';
import { collectItems, type Problem, type StagedItem, type StageError } from './items.ts';
import { columnsLeft } from './map.ts';
import { openParser, type Parsed } from './parse.ts';
import { checkReading, detect, HEAD_BYTES, type Reading } from './reading.ts';
import { openRows } from './rows.ts';
import { isTotals } from './totals.ts';
import type { UnlikelyNumber } from './unlikely.ts';

export type { Problem, StagedItem, StageError } from './items.ts';

/** A good size for the parts in which a file is read: bytes. */
export const PART_BYTES = 1_000_000;

export type StagedPart = {
  /** In the order in which the part named them. One of another part may have the same key. */
  items: StagedItem[];
  /** Problems that no item carries, by line: of rows that made none, or of cells without a home. */
  problems: Problem[];
  /** Rows of the part: those that made or repeated an item, and the skipped. */
  rows: number;
  /** Rows that made nothing; each has at least one problem in `problems`. */
  skipped: number;
  /** Lines without a filled cell, repeats of the header, and totals: not counted as rows. */
  blank: number;
  /** By the line of its row, the number that an order's line was given, or is kept for it, by its place. */
  places: ReadonlyMap<number, Place>;
};

export type StagedImport = StagedPart & {
  unknownColumns: string[];
  duplicateColumns: string[];
};

export type Staging = {
  /** Stages what is whole of these bytes; the rest waits for the next. */
  push: (bytes: Uint8Array) => StagedPart | StageError;
  end: () => StagedPart | StageError;
};

/** Reads a file only to know how many rows it has, or why it cannot be read to its end. */
export type Count = {
  /** Rows of a part, as {@link StagedPart} counts them. */
  push: (bytes: Uint8Array) => number | StageError;
  end: () => number | StageError;
};

export type Source = {
  push: (bytes: Uint8Array) => Row[] | StageError;
  end: () => Row[] | StageError;
};

/**
 * A reader of a file in parts, by a reading that {@link checkReading} has nothing against. What is
 * kept between parts is a row that is not whole yet, and little of each order and invoice.
 *
 * In every part, the rows of its items and its skipped rows are its rows. Items of one key come
 * together by their merge: the first value of a field stays, and what differs from it is a
 * contradiction; customer and order are taken from the first part that gives them. Then a file
 * gives the same items in however many parts it is read. After an error nothing more is read.
 *
 * @param isUnlikely whether a tracking number cannot well be one of the carrier that its row names
 */
export function openStaging(reading: Reading, isUnlikely?: UnlikelyNumber): Staging {
  const decoder = openDecoder(reading.encoding);
  const parser = openParser(reading);
  const checker = openChecker(reading.fields, reading, isUnlikely);
  let failed: StageError | undefined;

  const checked = (parsed: Parsed): StagedPart => {
    const { items, problems, skipped, blank, places } = checker.check(parsed.rows, parsed.unread);
    return {
      items,
      places,
      problems: [...parsed.problems, ...problems].sort(byLine),
      rows: parsed.rows.length - blank + parsed.problems.length,
      skipped: parsed.problems.length + skipped,
      blank: parsed.blank + blank,
    };
  };
  const push = (bytes: Uint8Array): StagedPart | StageError => {
    const decoded = decoder.push(bytes);
    if ('error' in decoded) return decoded;
    const parsed = parser.push(decoded.text);
    return 'error' in parsed ? parsed : checked(parsed);
  };
  const end = (): StagedPart | StageError => {
    const decoded = decoder.end();
    if ('error' in decoded) return decoded;
    const rest = parser.end(decoded.text);
    if ('error' in rest) return rest;
    const last = checked(rest);
    const settled = checker.end();
    return {
      ...last,
      items: [...last.items, ...settled.items],
      problems: [...last.problems, ...settled.problems].sort(byLine),
    };
  };
  const once = (read: () => StagedPart | StageError): StagedPart | StageError => {
    if (failed !== undefined) return failed;
    const part = read();
    if ('error' in part) failed = part;
    return part;
  };
  return { push: (bytes) => once(() => push(bytes)), end: () => once(end) };
}

/**
 * A reader that finds what {@link openStaging} would refuse a file for, at a fraction of its time: cells are
 * told apart and not read. After an error nothing more is to be read.
 */
export function openCount(reading: Reading): Count {
  const decoder = openDecoder(reading.encoding);
  const parser = openParser(reading);
  const counted = (parsed: Parsed | StageError): number | StageError => {
    if ('error' in parsed) return parsed;
    const totals = parsed.rows.filter(({ cells }) => isTotals(cells, reading.fields));
    return parsed.rows.length - totals.length + parsed.problems.length;
  };
  return {
    push(bytes) {
      const decoded = decoder.push(bytes);
      return 'error' in decoded ? decoded : counted(parser.push(decoded.text));
    },
    end() {
      const decoded = decoder.end();
      return 'error' in decoded ? decoded : counted(parser.end(decoded.text));
    },
  };
}

/**
 * A reader of a file's rows as they stand, the header first, ragged and blank ones too: to show a
 * person some of them again. Their lines are the ones that problems name.
 */
export function openSource(reading: Omit<Reading, 'fields'>): Source {
  const decoder = openDecoder(reading.encoding);
  const rows = openRows(reading);
  return {
    push(bytes) {
      const decoded = decoder.push(bytes);
      return 'error' in decoded ? decoded : rows.push(decoded.text);
    },
    end() {
      const decoded = decoder.end();
      return 'error' in decoded ? decoded : rows.end(decoded.text);
    },
  };
}

/**
 * Stages a file that is in memory, as its beginning suggests, or says why it cannot be read at
 * all. Never throws.
 */
export function stage(bytes: Uint8Array): StagedImport | StageError {
  const detected = detect(bytes.subarray(0, HEAD_BYTES));
  if ('error' in detected) return detected;
  const names = detected.columns.map(({ name }) => name);
  if (checkReading(detected, names.length).length > 0) {
    return { error: 'csv_no_header', line: detected.headerLine };
  }
  const staging = openStaging(detected);
  const parts: StagedPart[] = [];
  for (let from = 0; from < bytes.length; from += PART_BYTES) {
    const part = staging.push(bytes.subarray(from, from + PART_BYTES));
    if ('error' in part) return part;
    parts.push(part);
  }
  const last = staging.end();
  if ('error' in last) return last;
  const { unknown, duplicates } = columnsLeft(names, detected.fields);
  return {
    ...mergeParts([...parts, last]),
    unknownColumns: unknown,
    duplicateColumns: duplicates,
  };
}

/** Parts put together as the database does it: by kind and key, then customers from their orders. */
export function mergeParts(parts: readonly StagedPart[]): StagedPart {
  const merged = collectItems(1);
  const whole = { rows: 0, skipped: 0, blank: 0 };
  for (const part of parts) {
    whole.rows += part.rows;
    whole.skipped += part.skipped;
    whole.blank += part.blank;
    for (const {
      customerCode: code,
      customerKey: key,
      orderKey,
      line,
      rows,
      ...item
    } of part.items) {
      const mention = { ...item, orderKey };
      const known = merged.add(mention, { code, key }, orderKey ?? '', line);
      known.rows += rows;
    }
  }
  const orders = new Map(
    merged.all.flatMap((item) => (item.kind === 'order' ? [[item.key, item]] : [])),
  );
  for (const item of merged.all) {
    const order = item.orderKey === null ? undefined : orders.get(item.orderKey);
    if (item.customerKey !== '' || order === undefined) continue;
    item.customerKey = order.customerKey;
    item.customerCode = order.customerCode;
  }
  const problems = parts.flatMap((part) => part.problems).sort(byLine);
  const places = new Map(parts.flatMap((part) => [...part.places]));
  return { ...whole, items: merged.all, problems, places };
}

function byLine(one: Problem, other: Problem): number {
  return one.line - other.line;
}
