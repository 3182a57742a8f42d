/**
 * Where a page of a list ended: the last row's sort key and id, so that the next page starts behind
 * it whatever was added meanwhile. Opaque to clients; every part is checked again when it comes back.
 */
import { z } from 'zod';

const SEPARATOR = '~';

/** The cursor behind a row; read again by {@link cursorOf}. */
export function writeCursor(sortKey: string, id: string): string {
  return `${sortKey}${SEPARATOR}${id}`;
}

/** ISO 8601 has a year 0, and Postgres has none: there a cast of it fails. */
const hasYear = (text: string) => !text.startsWith('0000');
/** The sort key of a list by day, and by moment. */
export const dayKey = z.iso.date().refine(hasYear);
export const momentKey = z.iso.datetime().refine(hasYear);

/** A query parameter that is a cursor of {@link writeCursor}: `[sort key, id]`. */
export const cursorOf = (sortKey: z.ZodType<string>, id: z.ZodType<string> = z.uuid()) =>
  z
    .string()
    .max(400)
    .transform((text, context) => {
      const at = text.lastIndexOf(SEPARATOR);
      const parsed = z.tuple([sortKey, id]).safeParse([text.slice(0, at), text.slice(at + 1)]);
      if (at === -1 || !parsed.success) {
        context.addIssue({ code: 'custom', message: 'not a cursor of this list' });
        return z.NEVER;
      }
      return parsed.data;
    });
export type Cursor = readonly [sortKey: string, id: string];

/**
 * Cuts a list that was read one row longer than its page.
 *
 * @param keyOf the row's cursor parts
 */
export function page<T>(
  rows: T[],
  size: number,
  keyOf: (row: T) => Cursor,
): { rows: T[]; nextCursor: string | null } {
  const shown = rows.slice(0, size);
  const last = shown.at(-1);
  const more = rows.length > size && last !== undefined;
  return { rows: shown, nextCursor: more ? writeCursor(...keyOf(last)) : null };
}
