/**
 * Order lines that a file does not number, in a publish that has lines of the order from an earlier file.
 *
 * A line without a number is known by its place among the order's lines in its file. A whole order that is
 * exported anew has every line in its place, and takes the place of what it said before. A file that holds
 * some of the lines has them in others' places: so the place is only believed where the line that stands
 * there is the same one, or where nothing stands there and the order has no such line elsewhere. Any other
 * line overwrites nothing. It is held, and whoever sent it says which line it is.
 *
 * A file never takes a line away: where it has fewer lines of an order than are known, the others stay as
 * they are, and a withdrawal takes them. In a later publish a line in another's place is a change of what
 * is live, which the review shows field by field.
 */

import { unplacedKey } from './entities.ts';
import type { Problem, StagedItem, Values } from './items.ts';
import { normaliseKey } from './keys.ts';
import type { StagedPart } from './stage.ts';

/** A line of an order as an earlier file has staged it. */
export type StandingLine = { key: string; orderKey: string; fields: Values };

/** Lines of the part that only their places name. */
export function placedLines({ items, places }: StagedPart): StagedItem[] {
  if (places.size === 0) return [];
  return items.filter(
    ({ kind, line, fields }) =>
      kind === 'order_line' && fields.line_number === String(places.get(line)?.number),
  );
}

/** Holds those of the lines whose places are not theirs; `standing` has all that their orders have. */
export function holdUnplaced(
  lines: readonly StagedItem[],
  standing: readonly StandingLine[],
): void {
  const byOrder = orderLines(standing);
  for (const line of lines) {
    const known = byOrder.get(line.orderKey ?? '');
    if (known === undefined || isInPlace(line, known)) continue;
    const { line_number: value = '', ...fields } = line.fields;
    line.key = unplacedKey(line.orderKey ?? '', line.line);
    line.fields = fields;
    line.problems.push(unplacedAt(line.line, value));
  }
}

/** Names the lines without a number by their import too: the same row of another file is another line. */
export function keepApart({ items }: StagedPart, importId: string): void {
  for (const item of items) {
    if (item.kind === 'order_line' && item.fields.line_number === undefined) {
      item.key += `:${importId}`;
    }
  }
}

/** The problem of a row whose place cannot be its number; `value` is that place. */
export function unplacedAt(line: number, value: string): Problem {
  return { code: 'line_unplaced', line, field: 'line_number', value };
}

/**
 * The rows of a staged part, by their lines, whose places are not to be told as their numbers: a row that made no
 * line was never compared with the `standing` ones of its order, and what has since come to a row's place may
 * be another line.
 */
export function doubtfulPlaces(part: StagedPart, standing: readonly StandingLine[]): number[] {
  const byOrder = orderLines(standing);
  const placed = new Map(placedLines(part).map((line) => [line.line, line]));
  return [...part.places].flatMap(([line, { orderKey }]) => {
    const known = byOrder.get(orderKey);
    if (known === undefined) return [];
    const item = placed.get(line);
    // What others have not taken is the row's own.
    const isOwn =
      item !== undefined && (known.every(({ key }) => key !== item.key) || isInPlace(item, known));
    return isOwn ? [] : [line];
  });
}

/**
 * Of rows with too few or too many cells, those of which the file names no order by what stands where orders do:
 * their cells may have shifted, and their place is a made-up order's. Known once all parts are noted.
 */
export function openShifted(): { note: (part: StagedPart) => void; end: () => number[] } {
  const orders = new Set<string>();
  const ragged = new Map<number, string>();
  return {
    note({ items, problems, places }) {
      for (const { kind, key } of items) {
        if (kind === 'order') orders.add(key);
      }
      for (const { code, line } of problems) {
        const place = code === 'ragged_row' ? places.get(line) : undefined;
        if (place !== undefined) ragged.set(line, place.orderKey);
      }
    },
    end: () => [...ragged].filter(([, orderKey]) => !orders.has(orderKey)).map(([line]) => line),
  };
}

function orderLines(standing: readonly StandingLine[]): Map<string, StandingLine[]> {
  const byOrder = new Map<string, StandingLine[]>();
  for (const line of standing) {
    const others = byOrder.get(line.orderKey);
    if (others === undefined) byOrder.set(line.orderKey, [line]);
    else others.push(line);
  }
  return byOrder;
}

/**
 * Of lines of one article, the one in its place is it where nothing that both say differs. One that says nothing
 * in common with it could be it or not: then it is held, unless there is nothing to overwrite.
 */
function isInPlace(line: StagedItem, known: readonly StandingLine[]): boolean {
  const alike = known.filter(({ fields }) => isSameArticle(line.fields, fields));
  const there = known.find(({ key }) => key === line.key);
  if (there === undefined) return alike.length === 0;
  if (!alike.includes(there)) return false;
  const told = alike.filter(({ fields }) => saidBy(fields).some((field) => field in line.fields));
  if (!told.includes(there)) return told.length === 0 && saidBy(there.fields).length === 0;
  return told.length === 1 || isSame(line.fields, there.fields);
}

function saidBy(fields: Values): (keyof Values)[] {
  // sound: `Values` has no other keys
  return (Object.keys(fields) as (keyof Values)[]).filter((field) => field !== 'line_number');
}

/** By its code, else by its description; a line that has neither in common, by all that both say. */
function isSameArticle(one: Values, other: Values): boolean {
  const { line_item_code: code, line_description: text } = one;
  if (code !== undefined && other.line_item_code !== undefined) {
    return normaliseKey(code) === normaliseKey(other.line_item_code);
  }
  if (text !== undefined && other.line_description !== undefined) {
    return text.toLowerCase() === other.line_description.toLowerCase();
  }
  return isSame(one, other);
}

function isSame(one: Values, other: Values): boolean {
  return saidBy(one).every((field) => {
    const known = other[field]?.toLowerCase();
    return known === undefined || known === one[field]?.toLowerCase();
  });
}
