import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asStaff } from '../../access/guards.ts';
import { csvLines, UTF8_MARK } from '../../csv.ts';
import {
  ACTOR_KINDS,
  type ActorFilter,
  AUDIT_PAGE_SIZE,
  type AuditFilter,
  auditExport,
  type EventRow,
  listEvents,
} from '../../domain/audit-event.ts';
import { type Cursor, cursorOf, dayKey, momentKey, page } from '../../domain/cursor.ts';
import { AUDIT_ACTIONS } from '../../vocabulary.ts';
import { streamOf } from '../bytes.ts';
import { attachmentHeaders } from '../file-headers.ts';
import { validate } from '../validate.ts';

/** A parameter of several words, `a,b`. */
const listOf = <const T extends readonly string[]>(words: T) =>
  z
    .string()
    .max(4_000)
    .transform((text, context) => {
      const parsed = z.array(z.enum(words)).safeParse(text.split(','));
      if (!parsed.success) {
        context.addIssue({ code: 'custom', message: 'not of the list' });
        return z.NEVER;
      }
      return parsed.data;
    });

/** `system`, `staff`, …, or `member:ID`, `contact:ID`, `link:ID`. */
const actor = z
  .string()
  .max(80)
  .transform((text, context): ActorFilter => {
    const [kind, id = null] = text.split(':');
    const everyone = z.object({ kind: z.enum(ACTOR_KINDS), id: z.null() });
    const one = z.object({ kind: z.enum(['member', 'contact', 'link']), id: z.uuid() });
    const parsed = z.union([everyone, one]).safeParse({ kind, id });
    if (!parsed.success) {
      context.addIssue({ code: 'custom', message: 'not an actor' });
      return z.NEVER;
    }
    return parsed.data;
  });

/** `document:ID`: the kind, and the id as the trail has it. */
const subject = z
  .string()
  .max(400)
  .regex(/^[a-z_]+:./s, 'a kind and an id')
  .transform((text) => {
    const at = text.indexOf(':');
    return { kind: text.slice(0, at), id: text.slice(at + 1) };
  });

const filter = z.object({
  actor: actor.optional(),
  customer: z.uuid().optional(),
  action: listOf(AUDIT_ACTIONS).optional(),
  subject: subject.optional(),
  from: dayKey.optional(),
  to: dayKey.optional(),
});
const query = filter.extend({
  cursor: cursorOf(momentKey).optional(),
  /** Events of a page. */
  size: z.coerce.number().int().min(1).max(AUDIT_PAGE_SIZE).default(AUDIT_PAGE_SIZE),
});

/** Who did what: read only, here as in the database. */
export const audit = new Hono<AppEnv>()
  .get('/audit', validate('query', query), async (c) => {
    const { cursor, size, ...wanted } = c.req.valid('query');
    const [rows] = await asStaff(c, (db) => [listEvents(db, wanted, { cursor, size })]);
    const listed = page(rows, size, (row) => [row.at, row.id]);
    return c.json({ events: listed.rows, nextCursor: listed.nextCursor }, 200);
  })
  .get('/audit.csv', validate('query', filter), (c) => serveCsv(c, c.req.valid('query')));

const EXPORTED_A_PAGE = 1_000;
const HEADER = [
  'at',
  'action',
  'actor_kind',
  'actor',
  'customer_code',
  'customer',
  'subject_kind',
  'subject',
  'detail',
  'request_id',
  'event_id',
  'actor_id',
  'contact_id',
  'customer_id',
  'subject_id',
];

function cellsOf(row: EventRow): (string | null)[] {
  return [
    row.at,
    row.action,
    row.actor.kind,
    row.actor.name,
    row.customer?.code ?? null,
    row.customer?.name ?? null,
    row.subjectKind,
    row.subjectName,
    JSON.stringify(row.detail),
    row.requestId,
    row.id,
    row.actor.id,
    row.actor.contactId,
    row.customer?.id ?? null,
    row.subjectId,
  ];
}

/**
 * A filter's events as CSV, newest first, a page in memory at a time. What happens meanwhile is newer
 * than where the next page begins, the export's own event too.
 */
async function serveCsv(c: Context<AppEnv>, wanted: AuditFilter): Promise<Response> {
  // As it was asked for, and nothing that no filter knows.
  const asked = Object.fromEntries(
    Object.entries(c.req.query()).filter(([name]) => name in filter.shape),
  );
  const read = async (cursor: Cursor | undefined) => {
    const [rows] = await asStaff(c, (db) => [
      listEvents(db, wanted, { cursor, size: EXPORTED_A_PAGE }),
      ...(cursor === undefined ? [auditExport(db, asked)] : []),
    ]);
    return rows;
  };
  // The first page is read before the first byte: what refuses, refuses in words.
  const first = await read(undefined);
  const lines = async function* () {
    yield UTF8_MARK + csvLines([HEADER]);
    for (let rows = first; ; ) {
      const shown = rows.slice(0, EXPORTED_A_PAGE);
      const last = shown.at(-1);
      if (last === undefined) return;
      yield csvLines(shown.map(cellsOf));
      if (rows.length <= EXPORTED_A_PAGE) return;
      rows = await read([last.at, last.id]);
    }
  };
  const headers = attachmentHeaders('audit.csv', 'text/csv; charset=utf-8');
  return new Response(streamOf(lines()), { headers });
}
