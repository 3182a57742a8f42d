/** The outbox as staff look through it. No body, no token, no words of what a letter says. */
import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import { anywhere, instant } from '../database/text.ts';
import { type LinkScope, type MailFate, type OUTBOX_STATES, PAGE_SIZE } from '../vocabulary.ts';
import type { Cursor } from './cursor.ts';
import { type Suppression, suppressionOf } from './suppression.ts';

/** What staff look for: a state of ours, or what the provider said of what was sent. */
export const OUTBOX_FILTERS = ['queued', 'sent', 'dead', 'delivered', 'failed'] as const;
type OutboxFilter = (typeof OUTBOX_FILTERS)[number];

export type OutboxRow = {
  id: string;
  template: string;
  recipient: string;
  /** Null, like the customer, for a letter to the supplier's own people. */
  contactName: string | null;
  customer: { id: string; name: string } | null;
  state: (typeof OUTBOX_STATES)[number];
  /** What the provider last said of it, when that happened, and in its words. */
  fate: MailFate | null;
  fateAt: string | null;
  fateDetail: string | null;
  /** Why it died, or why it is tried again: a word of ours, or a sentence in English. */
  lastError: string | null;
  attempts: number;
  createdAt: string;
  /** When it is next tried, while it waits. */
  dueAt: string | null;
  sentAt: string | null;
};

const columns = sql`
  o.id, o.template, o.recipient, c.name as "contactName",
  case when b.id is not null then jsonb_build_object('id', b.id, 'name', b.name) end as customer,
  o.state, o.fate, ${instant(sql`o.fate_at`)} as "fateAt", o.fate_detail as "fateDetail", o.last_error as "lastError",
  o.attempts, ${instant(sql`o.created_at`)} as "createdAt",
  case when o.state = 'queued' then ${instant(sql`o.due_at`)} end as "dueAt", ${instant(sql`o.sent_at`)} as "sentAt"`;
const from = sql`
  from staff.outbox o
  left join portal.contacts c on c.id = o.contact_id
  left join portal.customers b on b.id = c.customer_id`;

const FILTERS: Record<OutboxFilter, SQL> = {
  queued: sql`o.state = 'queued'`,
  sent: sql`o.state = 'sent'`,
  dead: sql`o.state = 'dead'`,
  delivered: sql`o.fate = 'delivered'`,
  failed: sql`(o.state = 'dead' or o.fate in ('bounced', 'complained', 'failed', 'suppressed'))`,
};

/** A page of letters, newest first, and one row more. */
export function listOutbox(
  db: Db,
  query: {
    state?: OutboxFilter | undefined;
    template?: string | undefined;
    q?: string | undefined;
    cursor?: Cursor | undefined;
  },
) {
  const { state, template, q, cursor } = query;
  const found = q && anywhere(q);
  return db.execute<OutboxRow>(sql`
    select ${columns} ${from}
     where ${state ? FILTERS[state] : sql`true`}
       and ${template ? sql`o.template = ${template}` : sql`true`}
       and ${found ? sql`(o.recipient ilike ${found} or c.name ilike ${found} or b.name ilike ${found} or b.code ilike ${found})` : sql`true`}
       and ${cursor ? sql`(o.created_at, o.id) < (${cursor[0]}::timestamptz, ${cursor[1]}::uuid)` : sql`true`}
     order by o.created_at desc, o.id desc
     limit ${PAGE_SIZE + 1}`);
}

export type LetterDetail = OutboxRow & {
  /** What its link opens, or would if it were written now; null for one to the supplier's own people. */
  scope: LinkScope | null;
  /** What it tells of is still there. */
  stands: boolean;
  suppression: Suppression | null;
  /** All that the provider told of it, oldest first. */
  told: { fate: MailFate; at: string; detail: string | null }[];
};

/** One letter; no row when it is not of this org. */
export function readLetter(db: Db, id: string) {
  return db.execute<LetterDetail>(sql`
    select ${columns}, staff.letter_stands(o.id) as stands,
           coalesce((select l.scope from staff.access_links l where l.id = o.link_id and o.state <> 'dead'),
                    staff.letter_scope(o.id)) as scope,
           ${suppressionOf(sql`o.recipient`)} as suppression,
           coalesce((
             select jsonb_agg(jsonb_build_object('fate', w.fate, 'at', ${instant(sql`w.occurred_at`)}, 'detail', w.detail)
                              order by w.occurred_at, w.received_at)
               from staff.webhook_events w where w.letter_id = o.id), '[]') as told
      ${from} where o.id = ${id}::uuid`);
}

/** Queues a letter again that died or came back, with its event. */
export function requeueLetter(db: Db, id: string) {
  return db.execute<{
    status: 'ok' | 'not_found' | 'conflict' | 'address_suppressed' | 'contact_not_allowed';
  }>(sql`select status from staff.requeue_letter(${id}::uuid)`);
}
